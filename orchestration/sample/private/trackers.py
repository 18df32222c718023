"""Trackers of the brand's own mini program, app and site: Sensors (神策), GA4 and Snowplow.

Belongs here: which visit leaves which event, and its JSON. Does not: what the visit causes.
A marked link tells where the visitor came from; only members are logged in, so other visitors are a device and nobody more.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample import brand
from orchestration.sample.moments import NEVER, SHANGHAI_OFFSET
from orchestration.sample.outbox import Outbox
from orchestration.sample.private.keys import devices, logins
from orchestration.sample.private.messages import is_reply
from orchestration.sample.private.pages import place, pulled
from orchestration.sample.text import choose, clock, compact_clock, digits, either, weave, whole
from orchestration.sample.world import World

IN_MINI_PROGRAM = {"oa": ("oa", "menu", "1035"), "wecom_friend": ("wecom", "card", "1007"), "wecom_group": ("wecom_group", "card", "1008")}
ON_SITE = {  # channel → source, medium
    "sms": ("sms", "sms"), "douyin_ads": ("douyin", "cpc"), "douyin_video": ("douyin", "social"), "toutiao_ads": ("toutiao", "cpc"),
    "baidu_ads": ("baidu", "cpc"), "weibo_ads": ("weibo", "cpc"), "zhihu_ads": ("zhihu", "cpc"),
}
SEEN_IN_MINI_PROGRAM, SEEN_ON_SITE = 0.8, 0.25  # share of those touches that open a tracked page
FAMILY = {"sensors": 1, "ga4": 2, "snowplow": 3}


def visits(world: World, sources: dict[str, tuple[str, ...]], share: float) -> np.ndarray:
    """Positions of touches that a tracker sees, in order of time; every SMS click does, for its link leads nowhere else."""
    touches = world.touches
    known = np.isin(touches.channel, [brand.POSITION[code] for code in sources if code in brand.POSITION])
    sms = touches.channel == brand.POSITION["sms"]
    seen = (touches.at * 75_503 + touches.person * 31) % 1_000 < share * 1_000
    rows = np.flatnonzero(known & np.where(sms, ~is_reply(world), seen))
    return rows[np.argsort(touches.at[rows], kind="stable")]


def words(world: World, rows: np.ndarray, sources: dict[str, tuple[str, ...]], place_in: int) -> pa.StringArray:
    """One word of each touch's source, medium or scene."""
    return choose([sources.get(code, ("", "", ""))[place_in] for code in brand.CODES], world.touches.channel[rows])


def write_sensors(world: World, outbox: Outbox) -> None:
    """Launches of the mini program from marked places, and the lines that bind a login to its keys."""
    people, touches, rows = world.people, world.touches, visits(world, IN_MINI_PROGRAM, SEEN_IN_MINI_PROGRAM)
    person, at = touches.person[rows], touches.at[rows]
    number = people.number[person]
    logged_in = world.bonds.member[person] <= at
    who = either(logged_in, logins(number), devices(number, FAMILY["sensors"]))
    launches = weave(
        '{"distinct_id":"', who, '","time":', whole((at - SHANGHAI_OFFSET) * 1_000 + number % 1_000),
        ',"type":"track","event":"$MPLaunch","project":"production","_track_id":', whole(at % 1_000_000_000),
        ',"properties":{"$lib":"MiniProgram","$is_login_id":', choose(("false", "true"), logged_in.astype(int)),
        ',"$scene":"', words(world, rows, IN_MINI_PROGRAM, 2), '","$is_first_time":false,"$utm_source":"',
        words(world, rows, IN_MINI_PROGRAM, 0), '","$utm_medium":"', words(world, rows, IN_MINI_PROGRAM, 1),
        '","$utm_campaign":"', pc.utf8_slice_codeunits(compact_clock(at), 2, 6),
        f'","$url_path":"pages/index","$mp_app_id":"{brand.MINI_PROGRAM}","$mp_openid":"', people.openid.take(pa.array(person)), '"}}\n')
    member = np.flatnonzero(world.bonds.member < NEVER)
    number, since = people.number[member], world.bonds.member[member]
    mobile = either(number % 10 < 6, weave(',"$identity_mobile":"', people.phone.take(pa.array(member)), '"'), "")
    binds = weave(
        '{"distinct_id":"', logins(number), '","original_id":"', devices(number, FAMILY["sensors"]), '","time":',
        whole((since + 20 - SHANGHAI_OFFSET) * 1_000), ',"type":"track_id_bind","event":"$BindID","project":"production","_track_id":',
        whole(since % 1_000_000_000), ',"identities":{"$identity_login_id":"', logins(number), '"', mobile, ',"$identity_mp_unionid":"',
        people.unionid.take(pa.array(member)), '"},"properties":{"$lib":"MiniProgram"}}\n')
    name = place("sensors/events", brand.APP_ACCOUNT, pulled(world.span, 0, 6, 0), "events", ".jsonl")
    outbox.lines(name, "", pa.concat_arrays([binds, launches]))


def write_site(world: World, outbox: Outbox) -> None:
    """Visits of the site: half of the people meet its old tracker (GA4), half the new one (Snowplow)."""
    rows = visits(world, ON_SITE, SEEN_ON_SITE)
    old = world.people.number[world.touches.person[rows]] % 2 == 0
    _write_ga4(world, outbox, rows[old])
    _write_snowplow(world, outbox, rows[~old])


def pseudo_ids(numbers: np.ndarray) -> pa.StringArray:
    """GA4's id of a browser: two numbers and a dot."""
    device = devices(numbers, FAMILY["ga4"])
    return weave(pc.utf8_slice_codeunits(device, 0, 8), ".", pc.utf8_slice_codeunits(device, 6, 16))


def _login(world: World, person: np.ndarray, at: np.ndarray) -> pa.StringArray:
    known = world.bonds.member[person] <= at
    return either(known, weave('"user_id":"', logins(world.people.number[person]), '",'), "")


def _write_ga4(world: World, outbox: Outbox, rows: np.ndarray) -> None:
    person, at = world.touches.person[rows], world.touches.at[rows]
    number = world.people.number[person]
    lines = weave(
        '{"event_date":"', pc.utf8_slice_codeunits(compact_clock(at), 0, 8), '","event_timestamp":"',
        whole((at - SHANGHAI_OFFSET) * 1_000_000 + number % 1_000_000), '","event_name":"session_start","batch_event_index":1,',
        '"user_pseudo_id":"', pseudo_ids(number), '",', _login(world, person, at),
        '"event_params":[{"key":"ga_session_id","value":{"int_value":"', whole(at),
        '"}}],"traffic_source":{"source":"(direct)"},',
        '"collected_traffic_source":{"manual_source":"', words(world, rows, ON_SITE, 0), '","manual_medium":"',
        words(world, rows, ON_SITE, 1), '","manual_campaign_name":"', pc.utf8_slice_codeunits(compact_clock(at), 2, 6),
        '"},"device":{"category":"mobile"},"items":[]}\n')
    outbox.lines(place("ga4/events", brand.APP_ACCOUNT, pulled(world.span, 0, 14, 0), "events", ".jsonl"), "", lines)


def _write_snowplow(world: World, outbox: Outbox, rows: np.ndarray) -> None:
    person, at = world.touches.person[rows], world.touches.at[rows]
    number = world.people.number[person]
    session = digits((at * 1_000 + number % 1_000), 16)
    lines = weave(
        '{"event_id":"00000000-0000-4000-', pc.utf8_slice_codeunits(session, 0, 4), "-", pc.utf8_slice_codeunits(session, 4, 16),
        '","app_id":"site","platform":"web","event":"page_view","event_name":"page_view","collector_tstamp":"',
        clock(at - SHANGHAI_OFFSET + 1), '.123","derived_tstamp":"', clock(at - SHANGHAI_OFFSET), '.500",',
        _login(world, person, at), '"domain_userid":"', devices(number, FAMILY["snowplow"]), '","domain_sessionid":"', session,
        '","domain_sessionidx":1,"page_urlpath":"/item","mkt_source":"', words(world, rows, ON_SITE, 0),
        '","mkt_medium":"', words(world, rows, ON_SITE, 1), '","mkt_campaign":"', pc.utf8_slice_codeunits(compact_clock(at), 2, 6), '"}\n')
    again = lines.take(pa.array(np.flatnonzero(number % 40 == 7)))  # some events arrive twice
    outbox.lines(place("snowplow/events", brand.APP_ACCOUNT, pulled(world.span, 0, 5, 0), "events", ".jsonl"), "",
                 pa.concat_arrays([lines, again]))
