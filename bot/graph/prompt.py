"""What is played to whoever answers a night call: the municipality's own recording, else three rising tones.

Graph plays one form only: WAV, one channel, 16 bits, 16,000 samples a second.
"""

import io
import math
import struct
import wave
from pathlib import Path

from bot.channel.settings import SettingsError

_RATE, _LONGEST = 16_000, 30  # samples a second, seconds
_TONES = (523.25, 659.25, 783.99)  # hertz
_TONE, _PAUSE, _FADE, _LOUD = 0.35, 1.5, 0.02, 0.4  # seconds, and of full strength


def read(file: Path | None) -> bytes:
    """The recording in `file`, or the tones. Raises: SettingsError for what Graph cannot play."""
    if file is None:
        return tones()
    try:
        sound = file.read_bytes()
        with wave.open(io.BytesIO(sound)) as found:
            form = (found.getnchannels(), found.getsampwidth(), found.getframerate(), found.getcomptype())
            seconds = found.getnframes() / _RATE
    except (OSError, wave.Error, EOFError) as fault:
        raise SettingsError(f"STAFETT_CALL_PROMPT: {file} går inte att läsa som WAV") from fault
    if form != (1, 2, _RATE, "NONE") or not 0 < seconds <= _LONGEST:
        raise SettingsError(
            "STAFETT_CALL_PROMPT ska vara WAV, en kanal, 16 bitar, 16 000 Hz och högst 30 sekunder lång."
        )
    return sound


def tones() -> bytes:
    """Three rising tones and a pause: a sound that nobody takes for a wrong number, and that says nothing."""
    samples = [value for hertz in _TONES for value in _tone(hertz)] + [0] * int(_PAUSE * _RATE)
    made = io.BytesIO()
    with wave.open(made, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(_RATE)
        out.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return made.getvalue()


def _tone(hertz: float) -> list[int]:
    """Faded in and out, so that it does not click."""
    count = int(_TONE * _RATE)
    edge = _FADE * _RATE
    return [
        int(32_767 * _LOUD * min(1.0, at / edge, (count - at) / edge) * math.sin(2 * math.pi * hertz * at / _RATE))
        for at in range(count)
    ]
