"""What a message says is what is read: no more, no less, and nothing dropped in silence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from afterglow.core.care.signs import Sign
from afterglow.core.refusal import Refusal
from afterglow.devices.hl7v2.parse import read_message
from afterglow.devices.hl7v2.values import Flag, Listening, Reason
from tests.devices.reading import RECEIVED, changed, numbers, only, raw, read, reasons

SENT = datetime(2030, 3, 4, 3, 30, tzinfo=UTC)


def refused(content: bytes) -> Refusal:
    answer = read_message(content, received_at=RECEIVED, listening=Listening())
    assert isinstance(answer, Refusal)
    return answer


def test_a_gateway_message_gives_each_sign_its_number():
    message = read("gateway")
    assert numbers(message) == {Sign.SPO2: 97, Sign.PULSE: 72, Sign.RESP_RATE: 14}
    assert (message.bed, message.patient_id, message.control_id) == ("KET/2", "P-100", "77001")
    assert message.sent_at == SENT
    assert message.clock_offset == timedelta(seconds=1)
    assert {one.taken_at for one in message.readings} == {SENT}


def test_a_code_nobody_knows_is_told_and_not_dropped():
    (unread,) = read("gateway").unread
    assert unread.reason is Reason.UNKNOWN_CODE
    assert unread.where == "line 10, OBX 6, 108^ACME_ECG_PAUSE_RATE, channel 1.7.2.108"


def test_every_observation_is_either_a_reading_or_unread():
    for name in ("gateway", "two_oximeters", "arterial_line", "troubles", "device_tree"):
        message = read(name)
        seen = len(message.readings) + len(message.unread)
        garbled = reasons(message).count(Reason.GARBLED)
        assert seen - garbled == raw(name).count(b"OBX|"), name


def test_philips_names_for_the_same_things_are_read_as_the_same_signs():
    message = read("arterial_line")
    assert numbers(message) == {
        Sign.SPO2: 96,
        Sign.RESP_RATE: 13,
        Sign.PULSE: 64,
        Sign.SYSTOLIC: 131,
        Sign.DIASTOLIC: 74,
        Sign.MEAN: 93,
    }
    assert message.bed == "Doc1/7/1"


def test_an_arterial_line_leads_over_the_cuff_and_the_cuff_is_kept():
    cuff = only(read("arterial_line"), lambda one: one.value == 126)
    assert (cuff.sign, cuff.leads) == (Sign.SYSTOLIC, False)


def test_two_oximeters_are_kept_apart_and_the_lower_channel_leads():
    first, second = [one for one in read("two_oximeters").readings if one.sign is Sign.SPO2]
    assert (first.channel, first.value, first.leads) == ("1.3.2.150456", 91, False)
    assert (second.channel, second.value, second.leads) == ("1.3.1.150456", 98, True)
    assert first.key != second.key


def test_channel_10_does_not_come_before_channel_2():
    message = read(changed("two_oximeters", ("1.3.1.150456|98", "1.3.10.150456|98")))
    assert numbers(message)[Sign.SPO2] == 91


def test_a_second_oximeter_leads_when_the_first_has_no_number():
    message = read(changed("two_oximeters", ("1.3.1.150456|98", "1.3.1.150456|-100")))
    assert numbers(message)[Sign.SPO2] == 91


def test_a_cuff_value_keeps_its_own_old_time():
    message = read("old_cuff")
    cuff = only(message, lambda one: one.sign is Sign.SYSTOLIC)
    assert cuff.taken_at == SENT - timedelta(minutes=6)
    assert Flag.APERIODIC in cuff.flags
    assert only(message, lambda one: one.sign is Sign.SPO2).taken_at == SENT


def test_an_old_cuff_value_stays_old_when_the_monitors_clock_is_years_off():
    years_later = RECEIVED + timedelta(days=2000)
    message = read("old_cuff", received_at=years_later)
    cuff = only(message, lambda one: one.sign is Sign.SYSTOLIC)
    assert cuff.taken_at == years_later - timedelta(minutes=6)
    spo2 = only(message, lambda one: one.sign is Sign.SPO2)
    assert spo2.taken_at == years_later
    assert Flag.CLOCK_OFF in spo2.flags & cuff.flags


def test_a_cuff_value_repeated_in_the_next_message_is_the_same_reading():
    first = read("old_cuff")
    second = read(
        changed("old_cuff", ("20300304033000", "20300304033001"), ("|13|P|", "|14|P|")),
        received_at=RECEIVED + timedelta(seconds=1),
    )
    keys = [{one.sign: one.key for one in message.readings} for message in (first, second)]
    assert keys[0][Sign.SYSTOLIC] == keys[1][Sign.SYSTOLIC]
    assert keys[0][Sign.SPO2] != keys[1][Sign.SPO2]


def test_a_cuff_value_stamped_with_the_messages_own_time_is_of_unknown_age():
    cuff = only(read("two_oximeters"), lambda one: one.sign is Sign.SYSTOLIC)
    assert Flag.AGE_UNKNOWN in cuff.flags
    old = only(read("old_cuff"), lambda one: one.sign is Sign.SYSTOLIC)
    assert Flag.AGE_UNKNOWN not in old.flags


def test_a_monitor_ahead_of_us_cannot_make_a_reading_of_the_future():
    early = SENT - timedelta(seconds=30)
    assert {one.taken_at for one in read("gateway", received_at=early).readings} == {early}


def test_a_monitor_far_ahead_of_us_has_a_wrong_clock():
    early = SENT - timedelta(hours=3)
    message = read("gateway", received_at=early)
    assert {one.taken_at for one in message.readings} == {early}
    assert all(Flag.CLOCK_OFF in one.flags for one in message.readings)


def test_a_message_held_up_for_an_hour_does_not_look_new():
    late = SENT + timedelta(hours=1)
    message = read("gateway", received_at=late)
    assert {one.taken_at for one in message.readings} == {SENT}
    assert all(Flag.LATE in one.flags for one in message.readings)


def test_a_spot_check_of_yesterday_stays_yesterdays():
    message = read("spot_check")
    assert {one.taken_at for one in message.readings} == {SENT - timedelta(days=1)}
    assert message.bed == ""


def test_a_time_without_an_offset_is_read_in_the_listeners_zone_and_says_so():
    kolkata = read(
        "old_cuff", zone=ZoneInfo("Asia/Kolkata"), received_at=RECEIVED - timedelta(hours=5.5)
    )
    assert kolkata.sent_at == SENT - timedelta(hours=5.5)
    assert all(Flag.ZONE_ASSUMED in one.flags for one in kolkata.readings)
    assert not any(Flag.ZONE_ASSUMED in one.flags for one in read("gateway").readings)


def test_a_time_without_an_offset_takes_that_of_its_message():
    content = changed("old_cuff", ("||||20300304033000||ORU", "||||20300304033000+0000||ORU"))
    message = read(content, zone=ZoneInfo("Asia/Kolkata"))
    assert only(message, lambda one: one.sign is Sign.SPO2).taken_at == SENT


def test_a_message_without_any_time_is_received_now_and_says_so():
    content = changed("arterial_line", ("|20300304033000", "|"))
    message = read(content)
    assert all(one.taken_at == RECEIVED and Flag.NO_TIME in one.flags for one in message.readings)
    assert message.clock_offset is None


def test_each_trouble_has_its_own_reason():
    assert reasons(read("troubles", received_at=RECEIVED + timedelta(hours=7))) == [
        Reason.SENTINEL,
        Reason.SENTINEL,
        Reason.SENTINEL,
        Reason.EMPTY,
        Reason.NOT_PLAIN,
        Reason.NOT_PLAIN,
        Reason.NOT_PLAIN,
        Reason.NOT_A_RESULT,
        Reason.NOT_NUMERIC,
        Reason.UNKNOWN_UNIT,
        Reason.UNKNOWN_UNIT,
        Reason.IMPOSSIBLE,
        Reason.BAD_TIME,
        Reason.UNKNOWN_CODE,
        Reason.GARBLED,
    ]


def test_an_unread_value_says_which_sign_is_missing():
    assert [one.sign for one in read("troubles").unread[:4]] == [
        Sign.SPO2,
        Sign.SPO2,
        Sign.PULSE,
        Sign.PULSE,
    ]


def test_a_unit_of_another_sign_makes_no_reading():
    content = changed("gateway", ("97|262688^MDC_DIM_PERCENT^MDC", "97|266016^MDC_DIM_MMHG^MDC"))
    message = read(content)
    assert Sign.SPO2 not in numbers(message)
    assert message.unread[0].reason is Reason.UNKNOWN_UNIT


def test_a_breathing_rate_of_zero_is_a_reading():
    assert numbers(read("troubles"))[Sign.RESP_RATE] == 0


def test_units_are_converted_into_the_signs_own():
    found = numbers(read("troubles"))
    assert found[Sign.SYSTOLIC] == pytest.approx(135.01, abs=0.01)
    assert found[Sign.TEMPERATURE] == pytest.approx(37.0)


@pytest.mark.parametrize(
    "flag", ["TEST", "INV", "QUES", "NAV", "CAL", "CALIB", "EARLY", "BUSY", "OFF", "NEWWORD"]
)
def test_no_flag_against_a_value_makes_a_plain_reading(flag):
    content = changed("gateway", ("PERCENT^MDC|||||R", f"PERCENT^MDC||{flag}|||R"))
    message = read(content)
    assert Sign.SPO2 not in numbers(message)
    assert Reason.NOT_PLAIN in reasons(message)


@pytest.mark.parametrize("flag", ["N", "L", "LL", "H", "HH", "A", "AA", "L~N"])
def test_a_low_value_with_its_alarm_flag_is_still_read(flag):
    content = changed("gateway", ("PERCENT^MDC|||||R", f"PERCENT^MDC||{flag}|||R"))
    assert numbers(read(content))[Sign.SPO2] == 97


def test_a_demonstration_value_is_never_plain():
    message = read("demonstration")
    assert message.readings == ()
    assert reasons(message) == [Reason.SIMULATED, Reason.SIMULATED]


def test_a_demonstration_clinic_reads_it_and_marks_it():
    message = read("demonstration", accept_simulated=True)
    assert numbers(message) == {Sign.SPO2: 100, Sign.PULSE: 80}
    assert all(Flag.SIMULATED in one.flags for one in message.readings)


def test_a_training_message_holds_no_patients_numbers():
    content = changed("gateway", ("|77001|P|2.6", "|77001|T|2.6"))
    assert read(content).readings == ()
    marked = read(content, accept_simulated=True).readings
    assert marked
    assert all(Flag.SIMULATED in one.flags for one in marked)


def test_a_makers_own_number_counts_only_under_its_own_name():
    message = read("device_tree")
    assert numbers(message) == {Sign.SPO2: 95, Sign.PULSE: 61}
    assert reasons(message) == [Reason.NOT_A_RESULT, Reason.NOT_A_RESULT, Reason.UNKNOWN_CODE]
    assert (message.bed, message.patient_id) == ("", "")


def test_names_in_latin_1_do_not_stop_the_numbers():
    message = read(changed("arterial_line", ("8859/1", "ASCII")))
    assert numbers(message)[Sign.SPO2] == 96


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_any_line_end_gives_the_same_readings(end):
    lines = raw("gateway").rstrip().split(b"\r")
    assert read(end.join(lines)).readings == read("gateway").readings


@pytest.mark.parametrize("version", ["2.2", "2.3", "2.3.1", "2.4", "2.5", "2.6"])
def test_every_version_is_read(version):
    message = read(changed("gateway", ("|P|2.6|", f"|P|{version}|")))
    assert (message.version, len(message.readings)) == (version, 5)


def test_a_waveform_of_100_kb_is_left_out_and_told():
    samples = b"^".join(b"%d" % (n % 4000) for n in range(25_000))
    waveform = b"OBX|9|NA|150452^MDC_PULS_OXIM_PLETH^MDC|1.3.1.150452|" + samples + b"||||||R\r"
    message = read(raw("gateway") + waveform)
    assert len(message.readings) == 5
    assert reasons(message) == [Reason.UNKNOWN_CODE, Reason.WAVEFORM]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"MSH",
        b"MSH|^~\\&",
        b"MSH|||||ORU^R01",
        b"GET / HTTP/1.1\r\n\r\n",
        raw("gateway").decode().encode("utf-16"),
        raw("gateway") + raw("gateway"),
    ],
)
def test_what_is_not_one_hl7_message_is_refused_in_words(content):
    refusal = refused(content)
    assert refusal.code == "not-hl7"
    assert refusal.because
    assert refusal.remedy


def test_an_admission_message_is_refused_by_name():
    refusal = refused(changed("gateway", ("ORU^R01^ORU_R01", "ADT^A01")))
    assert refusal.because == "Only ORU R01 is read here, and this is ADT A01."


def test_two_patients_in_one_message_are_refused():
    second = b"PID|||P-200\rPV1||I|KET^^3\rOBX|1|NM|150456^^MDC|1|80|262688^^MDC|||||F\r"
    assert refused(raw("gateway") + second).code == "two-patients"
