"""JupyterHub for one course with the casebook on one machine; docs/hub.md explains it.

What differs from school to school stands in site.toml. The hub runs as root, since it starts each
server as the account of the person whose it is. Every student and every instructor has a server of
their own; the course has one more, a service of the hub under an account of its own, which holds
the course folder and the formgrader, and which only instructors can open.
"""

import sys
import tomllib
from pathlib import Path

c = get_config()  # noqa: F821

HERE = Path(__file__).resolve().parent
SITE = tomllib.loads((HERE / "site.toml").read_text(encoding="utf-8"))
COURSE = SITE["course"]
OPENS_COURSE = f"access:services!service={COURSE}"
START = [sys.executable, str(HERE / "start_server.py")]

# Who may sign in: accounts of this machine, by their password. Your school may have another way.
c.JupyterHub.authenticator_class = "pam"
c.Authenticator.allowed_users = {*SITE["instructors"], *SITE["students"]}

# nbgrader knows instructors by the group formgrade-<course>.
c.JupyterHub.load_groups = {
    f"formgrade-{COURSE}": {"users": SITE["instructors"]},
    f"nbgrader-{COURSE}": {"users": SITE["students"]},
}
c.JupyterHub.load_roles = [
    {
        "name": "instructor",
        "description": "May open the course's server",
        "groups": [f"formgrade-{COURSE}"],
        "scopes": [OPENS_COURSE, "list:services", f"read:services!service={COURSE}"],
    },
]


def environment_of(kind: str) -> dict[str, str]:
    """What a server of this kind needs to know: where its settings and its commands are."""
    return {
        # Settings of the kind first, then those for everybody. They come before a person's own.
        "JUPYTER_CONFIG_PATH": f"{HERE / kind}:{HERE}",
        # So that `nbgrader` and `casebook` are found in a terminal.
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "JUPYTERHUB_DEFAULT_URL": "/lab",
    }


def set_environment(spawner) -> None:
    """Tell a person's server, before it starts, which kind it is."""
    kind = "instructor" if spawner.user.name in SITE["instructors"] else "student"
    spawner.environment.update(environment_of(kind))


# One server for each person, as that person's account. JUPYTERHUB_USER, which JupyterHub sets, is
# their name as a player: `casebook.play` takes it where no other is given.
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.cmd = START
c.Spawner.args = ["--lessons"]
c.Spawner.pre_spawn_hook = set_environment
c.Spawner.default_url = "/lab"
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 90
# nbgrader's Course List asks for the course with the token of the person's server. A server gets
# only those of these rights that its owner has, so a student's does not get the last three.
c.Spawner.server_token_scopes = [
    "users:activity!user", "access:servers!server",
    OPENS_COURSE, "list:services", f"read:services!service={COURSE}",
]

# The course's server, under the grader's account. Students' code runs here when it is graded, so
# the account holds nothing but the course.
c.JupyterHub.services = [
    {
        "name": COURSE,
        "url": f"http://127.0.0.1:{SITE['ports']['course']}",
        "command": START,
        "user": SITE["grader"],
        "cwd": SITE["course_folder"],
        # Its first page is the formgrader: inside JupyterLab a browser refuses to show it, since
        # JupyterHub lets no page be framed by another of the same host. JupyterLab is at /lab.
        "environment": {
            **environment_of("grader"), "JUPYTERHUB_DEFAULT_URL": "/formgrader/manage_assignments"},
        "oauth_no_confirm": True,
    },
]

# With a host for each server, a page that may be framed by its own host is no risk to others.
if SITE["subdomain_host"]:
    c.JupyterHub.subdomain_host = SITE["subdomain_host"]
    c.JupyterHub.services[0]["command"] = [*START, (
        "--ServerApp.tornado_settings={'headers': "
        "{'Content-Security-Policy': \"frame-ancestors 'self'\"}}")]

# People come in at the first; the other two are for this machine alone. Put a web server with a
# certificate before it, or give JupyterHub one (ssl_key, ssl_cert): passwords pass here.
c.JupyterHub.bind_url = f"http://:{SITE['ports']['public']}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{SITE['ports']['hub']}"
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{SITE['ports']['proxy']}"
