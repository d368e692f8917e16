"""The nets of core/models with the same weights: small convnet, WRN-d-k without norm, ResNet-18 with batch norm."""
import re

import torch.nn as nn
import torch.nn.functional as F


def leaky(h):
    return F.leaky_relu(h, 0.2)


def conv3(inputs, outputs, stride=1, bias=True):
    return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=bias)


class ConvNet(nn.Module):
    """core/models/convnet.ts on 1 x 28 x 28."""

    shape = (1, 28, 28)

    def __init__(self):
        super().__init__()
        plans = [(1, 32, 4, 2), (32, 64, 3, 2), (64, 64, 3, 1), (64, 128, 3, 2)]
        self.layers = nn.ModuleList(nn.Conv2d(i, o, k, s, (k - 1) // 2) for i, o, k, s in plans)
        self.linear = nn.Linear(128 * 4 * 4, 10)

    def forward(self, x):
        for layer in self.layers:
            x = leaky(layer(x))
        return self.linear(x.flatten(1))


class PreactivationBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = conv3(inputs, outputs, stride)
        self.conv2 = conv3(outputs, outputs)
        resizes = inputs != outputs or stride != 1
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride) if resizes else None

    def forward(self, x):
        a = leaky(x)
        y = self.conv2(leaky(self.conv1(a)))
        return y + (x if self.shortcut is None else self.shortcut(a))


class WideResNet(nn.Module):
    """core/models/wrn.ts with norm none: every convolution has a bias."""

    shape = (3, 32, 32)

    def __init__(self, depth, width):
        super().__init__()
        self.conv1 = conv3(3, 16)
        blocks, inputs = [], 16
        for group in range(3):
            outputs = 16 * width * 2**group
            for i in range((depth - 4) // 6):
                blocks.append(PreactivationBlock(inputs, outputs, 2 if group > 0 and i == 0 else 1))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.fc = nn.Linear(inputs, 10)

    def forward(self, x):
        return self.fc(leaky(self.blocks(self.conv1(x))).mean((2, 3)))


class BasicBlock(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1, self.bn1 = conv3(inputs, outputs, stride, bias=False), nn.BatchNorm2d(outputs)
        self.conv2, self.bn2 = conv3(outputs, outputs, bias=False), nn.BatchNorm2d(outputs)
        resizes = inputs != outputs or stride != 1
        projection = [nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs)] if resizes else []
        self.shortcut = nn.Sequential(*projection)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.shortcut(x))


class ResNet18(nn.Module):
    """core/models/resnet18.ts."""

    shape = (3, 32, 32)

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = conv3(3, 64, bias=False), nn.BatchNorm2d(64)
        blocks, inputs = [], 64
        for stage in range(4):
            outputs = 64 * 2**stage
            blocks += [BasicBlock(inputs, outputs, 2 if stage else 1), BasicBlock(outputs, outputs, 1)]
            inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.linear = nn.Linear(inputs, 10)

    def forward(self, x):
        return self.linear(self.blocks(F.relu(self.bn1(self.conv1(x)))).mean((2, 3)))


def build(name):
    wide = re.fullmatch(r"wrn-(\d+)-(\d+)", name)
    if wide:
        return WideResNet(int(wide[1]), int(wide[2]))
    return {"convnet": ConvNet, "resnet-18": ResNet18}[name]()


def trained_numbers(net):
    return sum(p.numel() for p in net.parameters())
