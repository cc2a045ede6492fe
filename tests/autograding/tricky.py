"""Notebooks that a kernel gets wrong which is not quite like a cold one. Each is a list of cells."""

TRICKY = {
    "forgotten imports": [
        "np.arange(3)", "pd.DataFrame()", "import plotly", "plotly.express.bar(x=[1], y=[2])", "plotly.io.renderers.default",
        "import numpy as np\nnp.random.__name__, np.linalg.__name__, np.fft.__name__, hasattr(np, 'testing')",
        "import pandas.core.frame\npandas.DataFrame({'a': [1]})", "import casebook\ncasebook.grading", "sys, os",
        "import concurrent.futures\nconcurrent.futures.ThreadPoolExecutor.__name__", "import xml\nxml.etree", "import importlib\nimportlib.metadata",
        "import ipywidgets\nipywidgets.widgets.IntSlider.__name__", "import no_such_module", "from pandas import no_such_name", "import plotly.no_such"],
    "warnings": [
        "import warnings\nfor _ in range(2): warnings.warn('twice')", "warnings.warn('twice')", "warnings.warn('old', DeprecationWarning)",
        "import numpy as np\n1 / np.array([0.0])", "1 / np.array([0.0])", "import pandas as pd\npd.DataFrame({'a': [1]}).groupby('a', observed=True).sum()",
        "[(f[0], f[1] and f[1].pattern, f[2].__name__, str(f[3]), f[4]) for f in warnings.filters]", "warnings.onceregistry, warnings.defaultaction",
        "import sys\n[name for name, m in list(sys.modules.items()) if name not in ('__main__',) and hasattr(m, '__warningregistry__')]",
        "def old():\n    warnings.warn('here', FutureWarning, stacklevel=2)\nold(); old()",
        "pd.Series([1, 2]).astype('int8').map({1: 2}).fillna(0); pd.to_datetime(['1 May', '2020-01-01'], errors='coerce')"],
    "input": ["name = input('Your name? ')", "name", "import getpass; getpass.getpass()", "import sys; sys.stdin.read()", "print(sys.stdin.isatty(), sys.__stdin__.isatty())"],
    "magics": [
        "%timeit -n1 -r1 pass", "%%time\nx = sum(range(10))", "a = 1; b = 'two'\n%who", "%whos", "%%capture got\nprint('hidden')", "got.stdout", "!echo shell",
        "%%bash\necho bash $((1+1))", "%no_such_magic", "%pwd", "%%writefile mine.py\nvalue = 3", "import mine; mine.value", "%matplotlib inline",
        "%load_ext autoreload", "%lsmagic", "?len", "%history", "len?", "%precision 3", "3.14159265", "%xmode Minimal", "1/0", "In[1], Out.keys()", "%reset -f\n%who"],
    "order": [
        "from IPython.display import display, HTML, Markdown, clear_output\nimport sys\nprint('1'); display('2'); print('3', file=sys.stderr); print('4'); display(HTML('<b>5</b>')); 6",
        "print('a', end=''); print('b', file=sys.stderr, end=''); print('c', flush=True); display(Markdown('*d*')); print('e', file=sys.stderr)\n'last'",
        "print('gone'); clear_output(); print('stays')", "h = display('first', display_id='x'); h.update('second')",
        "import os; os.system('echo from the shell'); print('after')", "print('before'); raise ValueError('at the end')", "import subprocess; subprocess.run(['echo', 'sub'], capture_output=True).stdout",
        "import logging; logging.warning('logged'); logging.getLogger('x').error('too'); logging.info('not')", "%%html\n<i>six</i>", "print(*range(2000))"],
    "place": [
        "import sys, os\nsys.path[0], sys.path.index(''), len(sys.path), os.getcwd() == os.path.realpath('.')", "__file__", "__name__, __doc__, sorted(k for k in globals() if not k.startswith('_i'))",
        "[os.path.basename(a) for a in sys.argv[:2]], sys.argv[3:], sys.orig_argv[1:4], sys.executable, sys.flags",
        "sorted((k, v) for k, v in os.environ.items() if k not in ('JPY_PARENT_PID', '_', 'PYTEST_CURRENT_TEST', 'OLDPWD'))", "'JPY_PARENT_PID' in os.environ", "import __main__; __main__.__dict__.get('__spec__'), hasattr(__main__, '__file__')",
        "import threading; [t.name for t in threading.enumerate()]", "import signal; [(s.name, str(signal.getsignal(s)).split(' at ')[0]) for s in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGPIPE)]",
        "import locale, time; locale.getpreferredencoding(), locale.setlocale(locale.LC_ALL), time.tzname, sys.getdefaultencoding(), sys.getfilesystemencoding(), sys.stdout.encoding, sys.__stdout__.encoding",
        "def deep(n=0):\n    try:\n        return deep(n + 1)\n    except RecursionError:\n        return n\ndeep()", "import inspect; len(inspect.stack())", "sys.getrecursionlimit(), sys.getswitchinterval(), sys.gettrace(), sys.getprofile()",
        "os.umask(0o22), os.nice(0), os.getpid() == os.getpgrp() == os.getsid(0), os.getpid() != os.getppid()", "import resource; [resource.getrlimit(getattr(resource, r)) for r in dir(resource) if r.startswith('RLIMIT')]",
        "[getattr(f, '__name__', type(f).__name__) for f in sys.meta_path], sys.path_hooks[0].__name__, len(sys.path_hooks)", "import gc; gc.isenabled(), gc.get_threshold(), gc.get_debug()", "sorted(os.listdir())",
        "import builtins; sorted(dir(builtins))", "import multiprocessing as mp; mp.get_start_method(), mp.current_process().name, mp.parent_process()", "len(os.listdir('/proc/self/fd')) < 60"],
    "libraries": [
        "import pandas as pd, numpy as np\n{k: pd.get_option(k) for k in pd._config.config._registered_options}", "np.get_printoptions(), np.geterr()", "pd.DataFrame({f'c{i}': range(70) for i in range(25)})",
        "print(pd.DataFrame({f'column_{i}': range(3) for i in range(25)}))", "import plotly.io as pio; pio.renderers.default, pio.templates.default, list(pio.renderers)", "import plotly.express as px; fig = px.bar(pd.DataFrame({'x': ['a', 'b'], 'y': [1, 2]}), x='x', y='y'); fig",
        "fig.show()", "import plotly.graph_objects as go; go.FigureWidget.__name__, go.Figure(go.Scatter(y=[1, 3, 2])).to_json()", "import ipywidgets as w; s = w.IntSlider(3, description='weeks'); s", "w.interact(lambda x=1: x * 2); s.value, s.keys",
        "import comm; sorted(comm.get_comm_manager().targets), type(comm.get_comm_manager()).__module__", "import anywidget; anywidget.__version__", "pd.__spec__.name, type(pd.__loader__).__name__, pd.__file__, type(pd), type(np.linalg), repr(np.random)",
        "import importlib; importlib.util.find_spec('pandas').origin == pd.__file__, importlib.reload(pio).__name__", "import sys, statistics; del sys.modules['statistics']; import statistics; statistics.mean([1, 2])",
        "pd.read_csv('no such file.csv')", "pd.DataFrame({'a': [1]})['b']", "np.zeros(3) @ np.zeros(4)", "import casebook; from casebook.grading import checks; checks.my_turns()",
        "from casebook.grading.checks import *; sorted(k for k in globals() if not k.startswith('_'))"],
    "numbers": [
        "import numpy as np, random\nnp.random.seed(7); random.seed(7); np.random.rand(3), random.random(), np.random.default_rng(7).normal(size=2)", "import pandas as pd; pd.Series(range(20)).sample(5, random_state=1).tolist()",
        "a = np.random.RandomState(1).rand(600, 600); float((a @ a).sum()).hex(), float(np.linalg.det(a[:50, :50])).hex(), float(a.ravel() @ a.ravel()).hex(), np.linalg.eigvalsh(a @ a.T)[:2].tolist()", "np.random.get_state()[2:], np.random.mtrand._rand._bit_generator.__class__.__name__"],
    "processes": [
        "import threading\nout = []\nts = [threading.Thread(target=lambda i=i: out.append(i)) for i in range(4)]\n[t.start() for t in ts]; [t.join() for t in ts]; sorted(out)", "t = threading.Thread(target=lambda: print('from a thread')); t.start(); t.join()",
        "from concurrent.futures import ThreadPoolExecutor\nwith ThreadPoolExecutor(3) as pool: r = list(pool.map(lambda x: x * x, range(5)))\nr", "import multiprocessing as mp\ndef f(x): return x * x\nwith mp.get_context('fork').Pool(2) as pool: r = pool.map(f, range(5))\nr",
        "import os\npid = os.fork()\nif pid == 0: os._exit(3)\nos.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])", "import asyncio\nasync def g():\n    await asyncio.sleep(0)\n    return 4\nawait g()", "asyncio.run(g())", "import subprocess, sys; subprocess.run([sys.executable, '-c', 'import numpy; print(numpy.__name__)'], capture_output=True, text=True).stdout",
        "def boom(): raise RuntimeError('in a thread')\nt = threading.Thread(target=boom); t.start(); t.join()", "exit_code = os.system('exit 2') >> 8; exit_code"],
    "errors": ["def f(x):\n    return 1 / x\nf(0)", "x = (1,", "raise SystemExit('no')", "assert False, 'words'", "import json; json.loads('{')", "import pandas as pd; pd.DataFrame({'a': [1, 2]}).loc[5]", "exit", "quit()", "'after'"],
}

# By numbers and names that differ from one cold kernel to the next.
ALIKE = [
    (r"\d+(\.\d+)?(e[+-]?\d+)? (ns|μs|µs|us|ms|s)( ± [^\n]*)?", "TIME"), (r"0x[0-9a-f]{6,}", "ADDRESS"), (r"\b[0-9a-f]{32}\b", "ID"), (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "ID"),
    (r"/tmp/[\w./-]*?ipykernel_\d+/\d+\.py", "CELL"), (r"ipykernel_\d+", "KERNEL"), (r"(?<=Thread-)\d+", "N"), (r"IPY_MODEL_\w+", "MODEL"),
]
