"""Messages come out of the stream whole, however the network cut it."""

from hypothesis import given
from hypothesis import strategies as st

from afterglow.devices.hl7v2.frames import BadFrame, Fault, Frame, Framer, framed
from tests.devices.reading import raw

contents = st.binary(max_size=60).map(lambda b: b.replace(b"\x0b", b"").replace(b"\x1c", b""))
noises = contents


def whole(stream: bytes, **settings) -> list[Frame | BadFrame]:
    framer = Framer(**settings)
    return [*framer.feed(stream), *framer.end()]


def test_two_messages_in_one_packet_are_two():
    assert whole(framed(b"one") + framed(b"two")) == [Frame(b"one"), Frame(b"two")]


def test_bytes_before_the_start_block_are_skipped_and_counted():
    framer = Framer()
    assert list(framer.feed(b"noise\r\n" + framed(b"one"))) == [Frame(b"one")]
    assert framer.skipped_bytes == 6


def test_a_missing_final_carriage_return_is_borne():
    assert whole(b"\x0bone\x1c\x0btwo\x1c") == [Frame(b"one"), Frame(b"two")]


def test_a_line_that_dies_in_mid_message_says_so():
    assert whole(b"\x0bMSH|half") == [BadFrame(Fault.CUT_SHORT, b"MSH|half")]


def test_a_message_that_begins_inside_another_cuts_it_short():
    assert whole(b"\x0bhalf" + framed(b"two")) == [
        BadFrame(Fault.CUT_SHORT, b"half"),
        Frame(b"two"),
    ]


def test_a_message_too_large_is_told_at_once_and_the_next_is_read():
    framer = Framer(largest_bytes=100)
    told = list(framer.feed(b"\x0b" + b"x" * 200))
    assert told == [BadFrame(Fault.TOO_LARGE, b"x" * 200)]
    assert list(framer.feed(b"y" * 10_000)) == []
    assert list(framer.feed(b"\x1c\r" + framed(b"next"))) == [Frame(b"next")]


@given(st.lists(st.tuples(noises, contents), max_size=5), st.data())
def test_any_cuts_give_the_same_messages(parts, data):
    stream = b"".join(noise + framed(content) for noise, content in parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    framer, found = Framer(), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += framer.feed(stream[start:end])
    assert found == [Frame(content) for _, content in parts]


def test_a_real_message_cut_at_any_byte_is_the_same_message():
    stream = framed(raw("old_cuff"))
    for cut in range(len(stream) + 1):
        framer = Framer()
        found = [*framer.feed(stream[:cut]), *framer.feed(stream[cut:])]
        assert found == [Frame(raw("old_cuff"))]


@given(st.lists(st.binary(max_size=200), max_size=10))
def test_no_bytes_break_the_framer_or_fill_its_memory(chunks):
    framer = Framer(largest_bytes=50)
    for chunk in chunks:
        for frame in framer.feed(chunk):
            assert not isinstance(frame, Frame) or len(frame.content) <= 50
    list(framer.end())
    assert not framer.is_midway
