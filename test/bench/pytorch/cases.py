"""What is timed, as one would write it in PyTorch: training steps with SGD, the SGLD sampler, an evaluation under PGD.

On a GPU LOWLAND_TORCH_DEVICE is cuda, and LOWLAND_TORCH_MODE one of float32 (true float32), tf32 (its products in TensorFloat-32) and
bfloat16-compile (autocast, and the net through torch.compile).
"""
import contextlib
import os

import torch
import torch.nn.functional as F

import nets

EPS, STEP, FIRST_STEP = 8 / 255, 2 / 255, 8 / 255
SGLD_STEP, SGLD_NOISE = 0.25, 0.005
DEVICE = os.environ.get("LOWLAND_TORCH_DEVICE", "cpu")
MODE = os.environ.get("LOWLAND_TORCH_MODE", "float32")
torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = MODE == "tf32"
ENERGY_L2 = 0.001


def energy(logits):
    return -torch.logsumexp(logits, 1)


class Case:
    def __init__(self, model, batch, precision, layout, chains=0):
        torch.manual_seed(0)
        memory = {"channels_last": torch.channels_last, "contiguous": torch.contiguous_format}[layout]
        self.net = nets.build(model).to(DEVICE, memory_format=memory)
        self.bfloat16 = precision == "bfloat16" or MODE == "bfloat16-compile"
        self.forward = torch.compile(self.net) if MODE == "bfloat16-compile" else self.net
        images = lambda n: torch.rand(n, *self.net.shape).to(DEVICE, memory_format=memory)
        self.x, self.y = images(batch), torch.arange(batch, device=DEVICE) % 10
        self.chains = images(chains) if chains else None
        self.optimiser = torch.optim.SGD(self.net.parameters(), lr=1e-3, momentum=0.9)

    def logits(self, x):
        """In float32, whatever the net computes in."""
        with torch.autocast(DEVICE, dtype=torch.bfloat16) if self.bfloat16 else contextlib.nullcontext():
            return self.forward(x).float()

    def gradient(self, x, value):
        x = x.detach().requires_grad_(True)
        return torch.autograd.grad(value(self.logits(x)).sum(), x)[0]

    def pgd(self, steps, size, value):
        """Climbs value(logits) in the linf ball round the images, from a random point of it."""
        low, high = (self.x - EPS).clamp_(min=0), (self.x + EPS).clamp_(max=1)
        at = torch.minimum(torch.maximum(self.x + torch.empty_like(self.x).uniform_(-EPS, EPS), low), high)
        for _ in range(steps):
            at = torch.minimum(torch.maximum(at + size * self.gradient(at, value).sign_(), low), high)
        return at

    def sgld(self, start, steps):
        at = start
        for _ in range(steps):
            moved = at - SGLD_STEP * self.gradient(at, energy)
            at = moved.add_(torch.randn_like(at), alpha=SGLD_NOISE).clamp_(0, 1)
        return at

    def cross_entropy(self, logits):
        return F.cross_entropy(logits, self.y, reduction="none")

    def joint_energy(self, logits):
        return -logits.gather(1, self.y[:, None])[:, 0]

    def update(self, loss):
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        self.optimiser.step()
        return loss.item()

    def evaluating(self, find):
        """Points are found with batch norm in evaluation mode, as ours are; the loss is then taken in training mode."""
        self.net.eval()
        found = find()
        self.net.train()
        return found


def natural(case, request):
    case.net.train()
    return case.update(case.cross_entropy(case.logits(case.x)).mean())


def pgd_at(case, request):
    at = case.evaluating(lambda: case.pgd(request["attackSteps"], STEP, case.cross_entropy))
    return case.update(case.cross_entropy(case.logits(at)).mean())


def jeat(case, request):
    """CE(x~) + E(x~) - E(x-) + r [E(x~)^2 + E(x-)^2]."""
    points = lambda: (
        case.pgd(request["attackSteps"], FIRST_STEP, case.joint_energy),
        case.sgld(case.chains, request["sgldSteps"]),
    )
    adversarial, samples = case.evaluating(points)
    logits = case.logits(adversarial)
    positive, negative = energy(logits), energy(case.logits(samples))
    contrast = positive.mean() - negative.mean() + ENERGY_L2 * (positive.square().mean() + negative.square().mean())
    return case.update(case.cross_entropy(logits).mean() + contrast)


def sgld(case, request):
    return case.sgld(case.x, request["sgldSteps"]).sum().item()


@torch.no_grad()
def values(case, x):
    logits = case.logits(x)
    predicted = logits.argmax(1)
    joint = case.joint_energy(logits)
    rows = [(predicted == case.y).float(), predicted.float(), energy(logits), joint, case.cross_entropy(logits)]
    return torch.stack(rows).cpu().numpy()


def pgd_evaluation(case, request):
    case.net.eval()
    return values(case, case.x), values(case, case.pgd(request["attackSteps"], STEP, case.cross_entropy))


def work(request):
    """The function of a request's kind, and of its objective where it is a training step."""
    steps = {"natural": natural, "pgd-at": pgd_at, "jeat": jeat}
    return {"sgld": sgld, "pgd": pgd_evaluation}.get(request["kind"]) or steps[request["objective"]]
