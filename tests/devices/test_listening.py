"""The listener on a real socket: acknowledged means stored, and nothing brings it down."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import hl7
import pytest

from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.door import Accepted, Handler, NotStored, to_clinic
from afterglow.devices.hl7v2.frames import Frame, Framer, framed
from afterglow.devices.hl7v2.server import Limits, Listener
from afterglow.devices.hl7v2.values import Message
from tests.devices.reading import changed, raw

Ask = Callable[[bytes], Awaitable[None]]


class Record:
    """Stands for the clinic: remembers what it was given, and when."""

    def __init__(self, answer: Accepted | Refusal | Exception | None = None) -> None:
        self.answer = answer or Accepted(new=1)
        self.messages: list[Message] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self, message: Message) -> Accepted | Refusal:
        await self.gate.wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        self.messages.append(message)
        return self.answer


class Line:
    """A monitor's end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer, self.framer = reader, writer, Framer()
        self.heard: list[hl7.Message] = []

    def send(self, stream: bytes) -> None:
        self.writer.write(stream)

    async def answer(self) -> hl7.Message:
        async with asyncio.timeout(5):
            while not self.heard:
                data = await self.reader.read(65_536)
                assert data, "the listener hung up"
                frames = self.framer.feed(data)
                self.heard += [hl7.parse(f.content) for f in frames if isinstance(f, Frame)]
        return self.heard.pop(0)

    async def msa(self) -> tuple[str, str]:
        answer = await self.answer()
        return str(answer.segment("MSA")[1]), str(answer.segment("MSA")[2])

    async def is_closed(self) -> bool:
        async with asyncio.timeout(5):
            return await self.reader.read() == b""


@asynccontextmanager
async def listening(handler: Handler, **limits):
    listener = Listener(handler=handler, now=lambda: datetime.now(UTC), limits=Limits(**limits))
    server = await listener.start("127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    lines: list[Line] = []

    async def connect() -> Line:
        lines.append(Line(*await asyncio.open_connection("127.0.0.1", port)))
        return lines[-1]

    try:
        yield listener, connect
    finally:
        for line in lines:
            line.writer.close()
        await listener.stop(server)


def test_a_message_is_acknowledged_by_its_number():
    async def run():
        record = Record()
        async with listening(record) as (_, connect):
            line = await connect()
            line.send(framed(raw("gateway")))
            assert await line.msa() == ("AA", "77001")
            assert len(record.messages) == 1

    asyncio.run(run())


def test_nothing_is_acknowledged_before_it_is_stored():
    async def run():
        record = Record()
        record.gate.clear()
        async with listening(record) as (_, connect):
            line = await connect()
            line.send(framed(raw("gateway")))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(line.reader.read(1), 0.1)
            record.gate.set()
            assert await line.msa() == ("AA", "77001")

    asyncio.run(run())


def test_a_refusal_of_the_clinic_is_told_in_words():
    async def run():
        unknown = Refusal(
            code="no-session-in-bed", because="No session runs at KET/2.", remedy="Start it first."
        )
        async with listening(Record(unknown)) as (_, connect):
            line = await connect()
            line.send(framed(raw("gateway")))
            answer = await line.answer()
            assert str(answer.segment("MSA")[1]) == "AR"
            assert str(answer.segment("MSA")[3]) == "No session runs at KET/2. Start it first."
            assert str(answer.segment("ERR")[8]) == "No session runs at KET/2. Start it first."

    asyncio.run(run())


@pytest.mark.parametrize("content", [b"hello", b"", b"MSH|only", b"\xff\xfe\x00\x01"])
def test_words_that_are_not_hl7_get_a_sentence_and_the_line_lives(content):
    async def run():
        async with listening(Record()) as (_, connect):
            line = await connect()
            line.send(framed(content))
            answer = await line.answer()
            assert str(answer.segment("MSA")[1]) == "AR"
            assert "Set the sender to HL7 v2 ORU R01" in str(answer.segment("MSA")[3])
            line.send(framed(raw("gateway")))
            assert await line.msa() == ("AA", "77001")

    asyncio.run(run())


def test_a_message_too_large_is_refused_by_its_number_and_the_next_is_read():
    async def run():
        async with listening(Record(), largest_bytes=10_000) as (_, connect):
            line = await connect()
            line.send(framed(raw("gateway") + b"OBX|9|NA|1|1|" + b"1^" * 20_000))
            assert await line.msa() == ("AR", "77001")
            line.send(framed(raw("old_cuff")))
            assert await line.msa() == ("AA", "13")

    asyncio.run(run())


def test_a_waveform_of_500_kb_does_not_stop_the_numbers():
    async def run():
        record = Record()
        async with listening(record) as (_, connect):
            line = await connect()
            line.send(framed(raw("gateway") + b"OBX|9|NA|1^X^MDC|1|" + b"1^" * 250_000))
            assert await line.msa() == ("AA", "77001")
        assert len(record.messages[0].readings) == 5

    asyncio.run(run())


def test_a_message_in_many_small_packets_is_one_message():
    async def run():
        record = Record()
        async with listening(record) as (_, connect):
            line = await connect()
            stream = b"\x00junk" + framed(raw("gateway"))
            for at in range(0, len(stream), 100):
                line.send(stream[at : at + 100])
                await line.writer.drain()
                await asyncio.sleep(0)
            assert await line.msa() == ("AA", "77001")
        assert len(record.messages) == 1

    asyncio.run(run())


def test_a_line_that_dies_in_mid_message_stores_nothing_and_harms_no_other():
    async def run():
        record = Record()
        async with listening(record) as (listener, connect):
            dying, living = await connect(), await connect()
            dying.send(framed(raw("old_cuff"))[:80])
            await dying.writer.drain()
            dying.writer.transport.abort()
            living.send(framed(raw("gateway")))
            assert await living.msa() == ("AA", "77001")
            async with asyncio.timeout(5):
                while listener.counts.cut_short == 0:
                    await asyncio.sleep(0.01)
        assert [message.control_id for message in record.messages] == ["77001"]

    asyncio.run(run())


def test_a_line_that_says_nothing_is_closed():
    async def run():
        async with listening(Record(), idle_s=0.1) as (_, connect):
            line = await connect()
            assert await line.is_closed()

    asyncio.run(run())


def test_a_message_that_dribbles_for_ever_is_given_up():
    async def run():
        async with listening(Record(), message_s=0.2) as (_, connect):
            line = await connect()
            line.send(b"\x0b")

            async def dribble():
                while not line.writer.is_closing():
                    line.send(b"x")
                    await asyncio.sleep(0.02)

            dribbling = asyncio.create_task(dribble())
            try:
                await line.is_closed()
            except ConnectionError:
                pass  # closed while we were writing: closed all the same
            finally:
                dribbling.cancel()

    asyncio.run(run())


def test_a_record_that_cannot_be_written_is_not_acknowledged():
    async def run():
        async with listening(Record(NotStored("no database"))) as (_, connect):
            line = await connect()
            line.send(framed(raw("gateway")))
            answer = await line.answer()
            assert str(answer.segment("MSA")[1]) == "AE"
            assert "Send the message again." in str(answer.segment("MSA")[3])

    asyncio.run(run())


def test_a_record_that_takes_too_long_is_not_acknowledged():
    async def run():
        record = Record()
        record.gate.clear()
        async with listening(record, handler_s=0.1) as (_, connect):
            line = await connect()
            line.send(framed(raw("gateway")))
            assert (await line.msa())[0] == "AE"

    asyncio.run(run())


def test_a_fault_of_ours_ends_one_line_without_an_answer():
    async def run():
        async with listening(Record(ZeroDivisionError("a bug"))) as (listener, connect):
            line = await connect()
            line.send(framed(raw("gateway")))
            assert await line.is_closed()
            again = await connect()
            again.send(framed(b"hello"))
            assert (await again.msa())[0] == "AR"
            assert listener.counts.accepted == 0

    asyncio.run(run())


def test_twenty_monitors_are_answered_side_by_side():
    async def run():
        record = Record()
        async with listening(record) as (listener, connect):
            lines = [await connect() for _ in range(20)]
            for line in lines:
                line.send(framed(raw("gateway")) * 5)
            for line in lines:
                assert [await line.msa() for _ in range(5)] == [("AA", "77001")] * 5
            assert listener.counts.accepted == 100

    asyncio.run(run())


def test_one_monitor_too_many_is_turned_away():
    async def run():
        async with listening(Record(), connections=1) as (listener, connect):
            first = await connect()
            first.send(framed(raw("gateway")))
            await first.msa()
            second = await connect()
            assert await second.is_closed()
            assert listener.counts.turned_away == 1

    asyncio.run(run())


def test_a_message_goes_to_the_session_at_its_bed():
    given = {}

    def record_readings(**values):
        given.update(values)
        return 3

    async def run():
        async with listening(to_clinic(record_readings)) as (_, connect):
            line = await connect()
            line.send(framed(raw("gateway")))
            assert await line.msa() == ("AA", "77001")

    asyncio.run(run())
    assert given["bed"] == "KET/2"
    assert [one.value for one in given["readings"]] == [97, 71, 18, 14, 72]
    assert given["device"] == "BEDSIDE_GATEWAY/0011223344556677/ACME"


def test_a_number_without_a_bed_belongs_to_nobody():
    async def run():
        async with listening(to_clinic(lambda **_: 1)) as (_, connect):
            line = await connect()
            line.send(framed(changed("gateway", ("KET^^2", "^^"))))
            answer = await line.answer()
            assert str(answer.segment("MSA")[1]) == "AR"
            assert "names no bed" in str(answer.segment("MSA")[3])

    asyncio.run(run())
