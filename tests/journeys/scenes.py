"""Every page of the app in its main states, and how a person comes there: pictures are taken of them
(tools/screenshots.py), and axe looks at them (test_accessibility.py). They need the sample records."""

import re
from typing import NamedTuple

from playwright.sync_api import expect

from tests import cast
from tests.harness.phone import DESKTOP, PHONE, Screen
from tests.journeys import ways
from tests.journeys.hands import Hands
from tests.journeys.ways import Going


class Scene(NamedTuple):
    """`person` is signed in (None: nobody) on a `screen`; `go` leads from there to what is looked at.

    `route`: the page's path as pwa/src/shell/router.ts gives it.
    """

    name: str
    route: str
    person: cast.Person | None
    screen: Screen
    go: Going

    def enter(self, hands: Hands) -> None:
        """Sign in on a new phone and go there."""
        if self.person is None:
            hands.phone.open("/signin")
        else:
            hands.sign_in(self.person)
            if self.person in (cast.CADRE, cast.HANDLER, cast.COORDINATOR):
                hands.wait_until_synced()
        self.go(hands)
        expect(hands.page.locator("main")).to_be_visible()
        expect(hands.page).to_have_url(re.compile(re.sub(":[a-zA-Z]+", "[^/]+", self.route) + r"(\?|$)"))


SCENES = [
    Scene("sign-in", "/signin", None, PHONE, ways.stay),
    Scene("matters", "/matters", cast.CADRE, PHONE, ways.stay),
    Scene("matters-nothing", "/matters", cast.NEIGHBOUR, PHONE, ways.stay),
    Scene("matter", "/matters/:id", cast.CADRE, PHONE, ways.matter("三组机耕路塌方，农机过不去")),
    Scene("matter-open", "/matters/:id", cast.CADRE, PHONE, ways.matter("村口桥面有坑，摩托车容易摔")),
    Scene("matter-resolve", "/matters/:id", cast.CADRE, PHONE, ways.act("村口桥面有坑，摩托车容易摔", "办结")),
    Scene("matter-more", "/matters/:id", cast.CADRE, PHONE, ways.act("村口桥面有坑，摩托车容易摔", "更多")),
    Scene("visit", "/visits/new", cast.CADRE, PHONE, ways.empty_visit),
    Scene("visit-search", "/visits/new", cast.CADRE, PHONE, ways.village_search),
    Scene("visit-incomplete", "/visits/new", cast.CADRE, PHONE, ways.incomplete_visit),
    Scene("visit-filled", "/visits/new", cast.CADRE, PHONE, ways.filled_visit),
    Scene("visits", "/visits", cast.CADRE, PHONE, ways.page("/visits")),
    Scene("account", "/account", cast.CADRE, PHONE, ways.page("/account")),
    Scene("offline", "/matters", cast.CADRE, PHONE, ways.offline),
    Scene("offline-visits", "/visits", cast.CADRE, PHONE, ways.offline_visits),
    Scene("password-asked", "/matters", cast.CADRE, PHONE, ways.password_asked),
    Scene("refused", "/refused", cast.CADRE, PHONE, ways.refused),
    Scene("refused-visit", "/refused/:mutationId", cast.CADRE, PHONE, ways.correcting_refused),
    Scene("refused-nothing", "/refused", cast.CADRE, PHONE, ways.page("/refused")),
    Scene("visit-recorded", "/visits/:id", cast.CADRE, PHONE, ways.recorded_visit),
    Scene("matter-invite", "/matters/:id", cast.CADRE, PHONE, ways.invited),
    Scene(
        "matter-escalate",
        "/matters/:id",
        cast.CADRE,
        PHONE,
        ways.then(ways.act("村口桥面有坑，摩托车容易摔", "更多"), ways.escalate),
    ),
    Scene("handler-desk", "/desk", cast.HANDLER, PHONE, ways.pile("办理中")),
    Scene("handler-matters", "/matters", cast.HANDLER, PHONE, ways.matter_list),
    Scene(
        "handler-return",
        "/matters/:id",
        cast.HANDLER,
        PHONE,
        ways.then(ways.act("通村公路弯道没有护栏", "更多"), ways.give_back),
    ),
    Scene("coordinator-desk", "/desk", cast.COORDINATOR, PHONE, ways.pile("待交办")),
    Scene("coordinator-returned", "/desk", cast.COORDINATOR, PHONE, ways.pile("待协调")),
    Scene("coordinator-overdue", "/desk", cast.COORDINATOR, PHONE, ways.pile("逾期")),
    Scene("coordinator-extend", "/desk", cast.COORDINATOR, PHONE, ways.pile("待协调", "延期：自来水水压不够")),
    Scene("coordinator-merge", "/desk", cast.COORDINATOR, PHONE, ways.pile("待协调", "说法相近")),
    Scene("desktop-desk", "/desk", cast.COORDINATOR, DESKTOP, ways.pile("待协调")),
    Scene("handed-in", "/desk/handed-in", cast.COORDINATOR, PHONE, ways.handed_in),
    Scene("handed-in-drop", "/desk/handed-in", cast.COORDINATOR, PHONE, ways.then(ways.handed_in, ways.drop_sheet)),
    Scene("handler-matter", "/matters/:id", cast.HANDLER, PHONE, ways.matter("通村公路弯道没有护栏")),
    Scene("coordinator-assign", "/matters/:id", cast.COORDINATOR, PHONE, ways.act("自来水水压不够，三楼没水", "交办")),
    Scene("cases", "/cases", cast.CADRE, PHONE, ways.cases),
    Scene("cases-nothing", "/cases", cast.CADRE, PHONE, ways.cases_without_finds),
    Scene("case", "/cases/:id", cast.CADRE, PHONE, ways.case),
    Scene("case-form", "/matters/:id/case", cast.LEADER, PHONE, ways.case_form),
    Scene("case-kept", "/matters/:id/case", cast.LEADER, PHONE, ways.case_kept),
    Scene("tally", "/tallies", cast.LEADER, PHONE, ways.tally),
    Scene("tally-matters", "/tallies/matters", cast.LEADER, PHONE, ways.then(ways.tally, ways.tally_matters)),
    Scene("tally-offline", "/tallies", cast.LEADER, PHONE, ways.kept_tally),
    Scene("tally-changes", "/tallies/changes", cast.LEADER, PHONE, ways.late_changes),
    Scene("tally-print", "/tallies/print", cast.LEADER, PHONE, ways.then(ways.tally, ways.tally_printed)),
    Scene("desktop-tally", "/tallies", cast.LEADER, DESKTOP, ways.tally),
    Scene("desktop-tally-matters", "/tallies/matters", cast.LEADER, DESKTOP, ways.then(ways.tally, ways.tally_matters)),
    Scene("desktop-tally-county", "/tallies", cast.COUNTY_LEADER, DESKTOP, ways.stay),
    Scene("desktop-tally-print", "/tallies/print", cast.LEADER, DESKTOP, ways.then(ways.tally, ways.tally_printed)),
    Scene("callbacks", "/callbacks", cast.COUNTY_LEADER, PHONE, ways.page("/callbacks")),
    Scene("callbacks-outcome", "/callbacks", cast.COUNTY_LEADER, PHONE, ways.call_sheet),
    Scene("callbacks-nothing", "/callbacks", cast.LEADER, PHONE, ways.page("/callbacks")),
    Scene("draws", "/callbacks/draws", cast.COUNTY_LEADER, PHONE, ways.page("/callbacks/draws")),
    Scene("draw", "/callbacks/draws/:id", cast.COUNTY_LEADER, PHONE, ways.draw),
    Scene("ratings", "/ratings", cast.COUNTY_LEADER, PHONE, ways.page("/ratings?which=all")),
    Scene("ratings-nothing", "/ratings", cast.COUNTY_LEADER, PHONE, ways.page("/ratings")),
    Scene("ratings-set-aside", "/ratings", cast.COUNTY_LEADER, PHONE, ways.set_aside),
    Scene("desktop-callbacks", "/callbacks", cast.COUNTY_LEADER, DESKTOP, ways.page("/callbacks")),
    Scene("desktop-ratings", "/ratings", cast.COUNTY_LEADER, DESKTOP, ways.page("/ratings?which=all")),
    Scene("duties", "/responsibilities", cast.CADRE, PHONE, ways.duties),
    Scene("duties-edit", "/responsibilities/edit", cast.AUDITOR, PHONE, ways.editing_duties),
    Scene("duties-file", "/responsibilities/edit", cast.AUDITOR, PHONE, ways.duties_from_a_wrong_file),
    Scene("duty", "/responsibilities/edit", cast.AUDITOR, PHONE, ways.one_duty),
    Scene("desktop-duties", "/responsibilities", cast.AUDITOR, DESKTOP, ways.duties),
    Scene("desktop-duties-edit", "/responsibilities/edit", cast.AUDITOR, DESKTOP, ways.duties_from_a_wrong_file),
    Scene("account-password", "/account/password", cast.CADRE, PHONE, ways.wrong_password_change),
    Scene("account-devices", "/account/devices", cast.CADRE, PHONE, ways.page("/account/devices")),
    Scene("people", "/people", cast.ADMIN, PHONE, ways.stay),
    Scene("people-nothing", "/people", cast.ADMIN, PHONE, ways.nobody_found),
    Scene("person", "/people/:id", cast.ADMIN, PHONE, ways.found(cast.CADRE)),
    Scene("person-phone-lost", "/people/:id", cast.ADMIN, PHONE, ways.found(cast.COLLEAGUE)),
    Scene("person-password", "/people/:id", cast.ADMIN, PHONE, ways.new_password),
    Scene("person-role", "/people/:id", cast.ADMIN, PHONE, ways.then(ways.found(cast.CADRE), ways.role_sheet)),
    Scene("person-new", "/people/new", cast.ADMIN, PHONE, ways.incomplete_person),
    Scene("places", "/people/places", cast.ADMIN, PHONE, ways.page("/people/places")),
    Scene("places-township", "/people/places", cast.ADMIN, PHONE, ways.page(f"/people/places?code={cast.TOWNSHIP}")),
    Scene("places-import", "/people/places", cast.ADMIN, PHONE, ways.wrong_file),
    Scene("desktop-people", "/people", cast.ADMIN, DESKTOP, ways.stay),
    Scene("desktop-account", "/account", cast.ADMIN, DESKTOP, ways.page("/account")),
]
