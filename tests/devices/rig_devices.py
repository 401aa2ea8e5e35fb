"""The rigs' printer and scanner under orders on standard input, one line each, answered "ok".

First line out: the printer's port. Orders: set {json} | off | on | restart | scan HEX | plug | unplug
"""
import json
import pathlib
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "rigs"))
from printer import Printer  # noqa: E402
from scanner import Scanner  # noqa: E402

folder = pathlib.Path(sys.argv[1])
printer = Printer(folder / "printer", "127.0.0.1", 0)
scanner = Scanner(folder / "scanner")
print(printer.port, flush=True)
for line in sys.stdin:
    verb, _, rest = line.strip().partition(" ")
    if verb == "set":
        printer.set(json.loads(rest))
    elif verb == "scan":
        # In the background: it waits until somebody has read, which the caller does after "ok".
        threading.Thread(target=scanner.scan, args=(bytes.fromhex(rest),), daemon=True).start()
    else:
        {"off": printer.close, "on": printer.open, "restart": printer.restart,
         "plug": scanner.plug, "unplug": scanner.unplug}[verb]()
    print("ok", flush=True)
