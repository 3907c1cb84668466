"""Kinds of devices."""

from enum import StrEnum


class DeviceKind(StrEnum):
    """What takes the picture."""

    WEBCAM = "webcam"
    DERMATOSCOPE = "dermatoscope"
