"""The door: who is let in, by what, and what everybody else is told."""

from __future__ import annotations

import pytest

from sharewell.settings import Place
from sharewell.web.commands import tell_failures
from sharewell.web.door import Door


def test_the_token_opens_once_and_nothing_else_opens():
    door = Door()
    assert not door.open("")
    assert not door.open(door.token[:-1])
    assert not door.open("é" + door.token)
    assert not door.knows(door.cookie), "nobody has been let in yet"
    assert door.open(door.token)
    assert not door.open(door.token)
    assert door.knows(door.cookie)
    assert not door.knows("")


def test_every_server_has_its_own_token_and_cookie():
    doors = [Door() for _ in range(20)]
    assert len({secret for door in doors for secret in (door.token, door.cookie)}) == 40
    assert min(len(door.token) for door in doors) >= 43, "256 bits"


def test_the_token_and_the_cookie_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch):
    compared: list[tuple[bytes, bytes]] = []
    monkeypatch.setattr("sharewell.web.door.hmac.compare_digest", lambda a, b: bool(compared.append((a, b))))
    door = Door()
    door.open("guess")
    door.is_used = True
    door.knows("guess")
    assert compared == [(b"guess", door.token.encode()), (b"guess", door.cookie.encode())]


def test_the_cookie_is_kept_from_scripts_and_from_other_sites(stranger):
    answer = stranger.enter()
    assert answer.status == 302
    assert answer.headers["Location"] == "/"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert stranger.entry.rpartition("=")[2] not in cookie
    assert str(stranger.port) in cookie.partition("=")[0], "two places served at once keep apart"


def test_whoever_is_inside_may_open_the_address_again_and_nobody_else(visitor):
    assert visitor.get(visitor.entry).status == 302
    visitor.headers.clear()
    assert visitor.get(visitor.entry).status == 403


def test_asking_only_for_the_headers_does_not_use_the_address_up(stranger):
    assert stranger.get(stranger.entry, "HEAD").status == 403
    assert stranger.enter().status == 302
    assert stranger.get("/").status == 200


def test_a_stranger_learns_nothing_not_even_the_name_of_the_place(stranger, run_town: Place):
    for path in (
        "/",
        "/runs/x",
        "/runs/x/trace?source=a&row=1",
        "/runs/x/counts.csv",
        "/enter?token=wrong",
        "/x",
    ):
        answer = stranger.get(path)
        assert answer.status == 403
        assert run_town.settings.place.name not in answer.text
    assert stranger.get("/", headers={"Cookie": f"sharewell-{stranger.port}=guess"}).status == 403
    assert run_town.settings.place.name not in stranger.get("/static/none.css").text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_the_pages_can_only_be_read(visitor, method: str):
    for path in ("/", visitor.entry, "/static/sharewell/application.css"):
        answer = visitor.get(path, method)
        assert answer.status == 405
        assert answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("path", ["/", "/static/sharewell/application.css", "/nothing", "/runs/none"])
def test_head_says_what_get_says_without_its_body(visitor, path: str):
    got, head = visitor.get(path), visitor.get(path, "HEAD")
    assert (head.status, head.headers["Content-Type"]) == (got.status, got.headers["Content-Type"])
    assert head.text == ""


def test_every_answer_forbids_framing_keeping_and_foreign_content(visitor):
    for path in ("/", "/nothing", "/static/sharewell/application.css", "/static/none", "/enter"):
        for method in ("GET", "HEAD", "POST"):
            headers = visitor.get(path, method).headers
            assert "default-src 'none'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Frame-Options"] == "DENY"
            assert headers["Cache-Control"] == "no-store"
            assert headers["Referrer-Policy"] == "no-referrer"
            assert headers["X-Content-Type-Options"] == "nosniff"


def test_every_page_has_a_nonce_of_its_own(visitor):
    seen = [visitor.get("/") for _ in range(2)]
    policies = {answer.headers["Content-Security-Policy"] for answer in seen}
    assert len(policies) == 2
    for answer in seen:
        nonce = answer.text.split('nonce="')[1].partition('"')[0]
        assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "", "a b"])
@pytest.mark.parametrize("path", ["/", "/enter?token=x", "/static/sharewell/application.css"])
def test_another_host_name_is_refused_even_with_the_cookie(visitor, host: str, path: str):
    assert visitor.get(path, headers={"Host": host}).status == 400


@pytest.mark.parametrize(
    "path",
    [
        "/static/../views.py",
        "/static/../../../../../../etc/passwd",
        "/static/%2e%2e/views.py",
        "/static/..%2fviews.py",
        "/static/sharewell/../../views.py",
        "/static//etc/passwd",
        "/static/..\\views.py",
        "/static/%00",
        "/static/sharewell/",
        "/static/",
    ],
)
def test_nothing_but_the_style_and_the_script_lies_under_static(stranger, path: str):
    answer = stranger.get(path)
    assert answer.status in (400, 404)
    assert "root:" not in answer.text
    assert "import" not in answer.text.replace("import { initAll }", "")


def test_a_page_that_is_not_there_says_so_in_the_pages_own_look_and_no_more(visitor):
    for path in ("/nothing", "/runs/none", "/runs/none/trace?source=a&row=1", "/runs/none/reasons.csv"):
        answer = visitor.get(path)
        assert answer.status == 404
        assert "<h1" in answer.text
        assert "Page not found" in answer.text
        assert "application.css" in answer.text
        for detail in ("Traceback", "urlpatterns", "DEBUG", "none", "Django"):
            assert detail not in answer.text.replace("'none'", "")


def test_a_page_that_fails_says_so_without_detail(
    visitor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def broken(limit: int) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr("sharewell.flows.queries.runs", broken)
    monkeypatch.setattr("django.core.signals.got_request_exception.receivers", [])
    tell_failures()
    answer = visitor.get("/")
    assert answer.status == 500
    assert "This page could not be shown" in answer.text
    assert "canary" not in answer.text
    told = capsys.readouterr().err
    assert told.startswith("A page failed: RuntimeError in test_door.py, line ")
    assert "canary" not in told
