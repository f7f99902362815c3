"""Whatever arrives, the reader answers with a value and the same words give the same keys."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2 import ack
from afterglow.devices.hl7v2.parse import read_message
from afterglow.devices.hl7v2.times import read_stamp
from afterglow.devices.hl7v2.values import Listening, Message
from tests.devices.reading import MESSAGES, RECEIVED, raw, read

NAMES = sorted(file.stem for file in MESSAGES.glob("*.hl7"))
BITS = ["|", "^", "~", "\\", "&", "\r", "\n", "OBX", "OBR", "NM", "-100", "150456^^MDC", "DEMO"]
TIMES = [
    "20300304033000",
    "20300304",
    "99999999999999",
    "00010101000000+2359",
    "20300304033000-0700",
]
wild = st.lists(st.sampled_from([*BITS, *TIMES]) | st.text(max_size=6), max_size=40).map("".join)


def outcome(content: bytes) -> Message | Refusal:
    return read_message(content, received_at=RECEIVED, listening=Listening(accept_simulated=True))


@given(st.binary(max_size=300))
def test_no_bytes_raise(content):
    assert isinstance(outcome(content), Refusal)


@given(wild)
def test_nothing_after_a_good_header_raises(text):
    content = b"MSH|^~\\&|X||||20300304033000||ORU^R01|1|P|2.6\r" + text.encode("utf-8", "replace")
    assert isinstance(outcome(content), (Message, Refusal))


@settings(max_examples=60)
@given(st.sampled_from(NAMES), st.data())
def test_a_real_message_with_broken_bytes_never_raises(name, data):
    content = bytearray(raw(name))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    found = outcome(bytes(content))
    if isinstance(found, Message):
        assert all(one.taken_at <= RECEIVED for one in found.readings)


@given(st.sampled_from(NAMES), st.integers(0, 400))
def test_a_message_cut_anywhere_never_raises(name, at):
    assert isinstance(outcome(raw(name)[:at]), (Message, Refusal))


@given(st.sampled_from(NAMES), st.integers(0, 10**6))
def test_the_same_message_later_has_the_same_keys(name, seconds):
    later = read(raw(name), received_at=RECEIVED + timedelta(seconds=seconds))
    keys = [one.key for one in later.readings]
    assert keys == [one.key for one in read(raw(name)).readings]
    assert len(keys) == len(set(keys))


@given(st.text(max_size=30))
def test_no_time_raises(text):
    stamp = read_stamp(text, zone=RECEIVED.tzinfo)
    assert stamp is None or stamp.at.tzinfo is not None


@given(st.binary(max_size=200))
def test_any_head_can_be_answered_on_one_line_each(head):
    refusal = Refusal(code="not-hl7", because="Not | HL7 ^ & ~ \\.", remedy="Résend.")
    answer = ack.refuse(ack.asked(head), refusal, at=RECEIVED)
    lines = answer.rstrip(b"\r").split(b"\r")
    assert [line[:3] for line in lines] in ([b"MSH", b"MSA"], [b"MSH", b"MSA", b"ERR"])
    assert b"\x0b" not in answer
    assert b"\x1c" not in answer
