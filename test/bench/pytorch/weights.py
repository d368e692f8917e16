"""Writes test/fixtures/bench/weights.json: how many numbers each reference net trains. Needs PyTorch."""
import json
import pathlib

import nets

names = ["convnet", "wrn-16-2", "wrn-28-10", "resnet-18"]
counts = {name: nets.trained_numbers(nets.build(name)) for name in names}
file = pathlib.Path(__file__).parents[2] / "fixtures" / "bench" / "weights.json"
file.write_text(json.dumps(counts, indent=2) + "\n")
