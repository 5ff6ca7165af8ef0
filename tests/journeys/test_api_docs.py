"""The API's documentation draws itself: an empty page answers 200, too."""

from playwright.sync_api import expect

from tests.harness.phone import Phone


def test_the_documentation_shows_every_endpoint(desktop: Phone) -> None:
    desktop.open("/api/docs")
    operations = desktop.page.locator(".opblock")
    expect(operations.first).to_be_visible()
    document = desktop.evaluate("fetch('/api/openapi.json').then((answer) => answer.json())")
    assert operations.count() == sum(len(path) for path in document["paths"].values())
