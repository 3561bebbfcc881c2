"""Every operation of the description, asked with generated values: no 5xx, and only the answers it names."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from liaoyuan.api.urls import api
from liaoyuan.conf.wsgi import application
from tests.api.conftest import token_of
from tests.party import factories

# As `from_wsgi` does it, but without asking the application while pytest collects: there is no database yet.
schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
schema.app = application
schema.location = "/api/v1/openapi.json"
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)


@pytest.fixture
def bearer(ground, settings):
    """The header of a token by the address: of a party officer for party building, else of a registry officer.

    The connection of the test stays open between requests, as the test client keeps it. The generator's client never
    closes an answer, which is what ends an upload's temporary file: here uploads stay in memory.
    """
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    party = factories.party("演示党支部", area=ground.areas["heli"])
    factories.unit(party, ground.inside)
    registry, lead = token_of(ground.officer), token_of(factories.lead())
    yield lambda path: {"Authorization": f"Bearer {lead if path.startswith('/api/v1/party') else registry}"}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_generated_request_breaks_it(case, bearer):
    case.call_and_validate(headers=bearer(case.path), checks=list(CHECKS))


@pytest.mark.parametrize("operation", [found.ok() for found in schema.get_all_operations()], ids=lambda op: op.label)
def test_no_operation_opens_without_a_token(operation, bearer):
    @settings(max_examples=2, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(case=operation.as_strategy())
    def asked(case):
        assert case.call().status_code == 401

    asked()
