"""What every answer has, as the web server receives it."""

from django.test import RequestFactory

from communis.portal.wsgi import application


def answered(method, path):
    """Return the status, the headers and the body that the application hands to the web server."""
    said = {}
    environ = RequestFactory().generic(method, path, HTTP_HOST="localhost").environ
    body = b"".join(application(environ, lambda status, headers: said.update(status=status, headers=dict(headers))))
    return said["status"], said["headers"], body


def test_a_head_has_the_headers_of_the_answer_and_no_body():
    status, headers, body = answered("GET", "/health")
    assert (status, headers["Content-Length"], body) == ("200 OK", "2", b"ok")
    status, asked, nothing = answered("HEAD", "/health")
    assert (status, asked["Content-Length"], nothing) == ("200 OK", "2", b"")
    assert sorted(asked) == sorted(headers)
