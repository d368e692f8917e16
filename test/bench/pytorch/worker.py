"""PyTorch's side of the bench: greets, then answers each line {case, round, layout} with the milliseconds of one round and its memory."""
import json
import os
import resource
import sys
import time

try:
    import torch
except ImportError as error:
    print(json.dumps({"error": f"PyTorch cannot be imported: {error}"}), flush=True)
    sys.exit(1)

import autoattack
import cases


def main():
    torch.set_num_threads(os.cpu_count())
    say({"version": f"PyTorch {torch.__version__}", "precisions": ["float32", "bfloat16"]})
    prepared = {}
    for line in sys.stdin:
        request = json.loads(line)
        try:
            say(timed(request["case"], request["round"], request["layout"], prepared))
        except Exception as error:  # told to the bench, which leaves the case out
            say({"error": f"PyTorch: {error}"})


def timed(case, number, layout, prepared):
    name = json.dumps([case, layout])
    if name not in prepared:
        prepared[name] = autoattack.Case(case, layout) if case["kind"] == "autoattack" else cases.Case(case["model"], case["batch"], case["precision"], layout, case["chains"])
    began = time.perf_counter()
    standing = prepared[name].attacked(number) if case["kind"] == "autoattack" else cases.work(case)(prepared[name], case)
    ms = (time.perf_counter() - began) * 1e3
    rss = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return {"ms": ms, "rss_mb": rss, **({"standing": standing} if case["kind"] == "autoattack" else {})}


def say(line):
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
