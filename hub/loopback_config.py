"""The same hub for trying it out: on this machine only, and every name signs in by one password.

Never for a course: whoever knows the password is anybody. The accounts have to exist, since files
in the exchange belong to them. `scripts/try-hub` runs this.
"""

import os
import tomllib
from pathlib import Path

c = get_config()  # noqa: F821
HERE = Path(__file__).resolve().parent
# By its whole path: a file that is not found is passed over without a word.
load_subconfig(str(HERE / "jupyterhub_config.py"))  # noqa: F821

SITE = tomllib.loads((HERE / "site.toml").read_text(encoding="utf-8"))

c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = os.environ["CASEBOOK_HUB_PASSWORD"]
c.JupyterHub.bind_url = f"http://127.0.0.1:{SITE['ports']['public']}"

# A program that walks through the hub in people's place, as scripts/try-hub does.
if os.environ.get("CASEBOOK_HUB_TOKEN"):
    c.JupyterHub.services.append({"name": "trial", "api_token": os.environ["CASEBOOK_HUB_TOKEN"]})
    c.JupyterHub.load_roles.append({
        "name": "trial", "services": ["trial"],
        "scopes": ["admin:servers", "access:servers", "access:services", "read:users"],
    })
