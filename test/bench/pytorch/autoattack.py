"""AutoAttack standard by torchattacks on a published net, a batch of a file of images a round.

torchattacks is told what AutoAttack's authors use: 100 steps, 9 targets, 5000 queries without a rescaled schedule; each attack gets the
images that the ones before left standing."""
import os
import sys

import numpy as np
import torch

FIXTURES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "fixtures", "models")


class Case:
    def __init__(self, case, layout):
        import torchattacks

        sys.path.insert(0, FIXTURES)
        import formula
        import published

        judged = case["judged"]
        memory = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}[layout]
        if judged["weights"]:
            model = published.opened(judged["weights"])
        else:
            plain = published.network(published.templates()[case["model"]])
            formula.fill(plain.network)
            model = published.Planar(plain).float().eval()
        self.model = model.to(memory_format=memory)
        for parameter in self.model.parameters():
            parameter.requires_grad_(False)
        rows = np.fromfile(judged["images"], dtype=np.uint8).reshape(-1, 1 + 32 * 32 * 3)
        pixels = torch.tensor(rows[:, 1:].reshape(-1, 32, 32, 3).astype(np.float32) / 255)
        self.x = pixels.permute(0, 3, 1, 2).contiguous(memory_format=memory)
        self.y = torch.tensor(rows[:, 0].astype(np.int64))
        if not judged["weights"]:
            with torch.no_grad():
                self.y = self.model(self.x).argmax(1)
        self.batch = case["batch"]
        shared = {"norm": "Linf", "eps": judged["eps"], "seed": 0}
        if judged["trial"]:
            self.attacks = [torchattacks.APGD(self.model, steps=judged["trial"], loss="ce", **shared)]
        else:
            self.attacks = [
                torchattacks.APGD(self.model, steps=100, loss="ce", **shared),
                torchattacks.APGDT(self.model, steps=100, n_classes=10, **shared),
                torchattacks.FAB(self.model, steps=100, n_restarts=1, multi_targeted=True, n_classes=10, **shared),
                torchattacks.Square(self.model, n_queries=5000, resc_schedule=False, **shared),
            ]

    def right(self, x, y):
        with torch.no_grad():
            return self.model(x).argmax(1) == y

    def attacked(self, number):
        """How many images of batch `number` are right after all attacks."""
        rows = slice(number * self.batch, (number + 1) * self.batch)
        x, y = self.x[rows], self.y[rows]
        standing = torch.nonzero(self.right(x, y))[:, 0]
        for attack in self.attacks:
            if len(standing):
                standing = standing[self.right(attack(x[standing], y[standing]), y[standing])]
        return len(standing)
