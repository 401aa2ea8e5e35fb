"""A real Vendure beside the demo: started, sold from and read through the shop's own interfaces."""
import json
import os
import pathlib
import subprocess

from fleet import ROOT, Failed

SCRIPTS = ROOT / "deploy" / "storefronts" / "vendure"


class Vendure:
    def __init__(self, folder, port):
        self.folder, self.port = pathlib.Path(folder), port
        self.base = f"http://127.0.0.1:{port}"
        self.store = None

    def run(self, argv, timeout=600, **env):
        done = subprocess.run([str(a) for a in argv], capture_output=True, text=True,
                              env={**os.environ, **env}, timeout=timeout, check=False)
        if done.returncode != 0:
            raise Failed(f"{argv[0]} ended with {done.returncode}:\n{done.stderr[-2000:]}")
        return done.stdout

    def start(self, items):
        text = self.run([SCRIPTS / "start.sh", self.port, self.folder],
                        STORE_SKUS=",".join(items), STORE_LOCATIONS="Leipzig,Venlo",
                        STORE_STOCK="0")
        self.store = json.loads(text)

    def channel_config(self, secret_file):
        places = {l["name"].lower(): l["id"] for l in self.store["locations"]}
        return f"""
[[channel]]
name = "vendure"
kind = "vendure"
url = "{self.store['adminUrl']}"
user = "{self.store['channel']['user']}"
secret_file = "{secret_file}"

[channel.locations]
leipzig = "{places['leipzig']}"
venlo = "{places['venlo']}"
"""

    def place_order(self, *lines):
        """Pays for an order through the shop's own checkout; returns its JSON."""
        return json.loads(self.run(["node", SCRIPTS / "place-order.mjs", self.folder, 1, *lines]))

    def state(self):
        return json.loads(self.run(["node", SCRIPTS / "read-state.mjs", self.folder]))

    def stop(self):
        self.run([SCRIPTS / "stop.sh", self.folder])
