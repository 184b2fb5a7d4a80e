# SPDX-License-Identifier: Apache-2.0
"""PyPI's honeycomb-api, unmodified, against the management API: what it makes, reads, changes, deletes, and how it hears of errors."""
import pytest
from honeycomb import (
    ColumnCreate,
    DatasetCreate,
    DerivedColumnCreate,
    EmailRecipient,
    HoneycombAPIError,
    HoneycombClient,
    HoneycombNotFoundError,
    HoneycombValidationError,
    MarkerCreate,
    QueryAnnotationCreate,
    QueryBuilder,
    QuerySpec,
)


@pytest.fixture
def client(server):
    with HoneycombClient(api_key="hcalk_test", base_url=server.http, sync=True) as made:
        made.datasets.create(DatasetCreate(name="shop", description="d"))
        yield made


def test_auth(server, client):
    auth = client.auth.get()
    assert (auth.type.value, auth.team.slug, auth.environment.slug) == ("configuration", "team", "default")
    with HoneycombClient(management_key="hcamk_key", management_secret="s", base_url=server.http, sync=True) as management:
        assert [entry.attributes.slug for entry in management.environments.list()] == ["default"]
        assert management.api_keys.list() == []


def test_columns_and_derived_columns(client):
    column = client.columns.create("shop", ColumnCreate(key_name="n", type="integer"))
    assert client.columns.get("shop", column.id).key_name == "n"
    derived = client.derived_columns.create("shop", DerivedColumnCreate(alias="big", expression="GT($n, 10)"))
    assert [entry.alias for entry in client.derived_columns.list("shop", alias="big")] == ["big"]
    client.derived_columns.delete("shop", derived.id)
    client.columns.delete("shop", column.id)
    with pytest.raises(HoneycombNotFoundError):
        client.columns.get("shop", column.id)
    with pytest.raises(HoneycombValidationError, match="expression"):
        client.derived_columns.create("shop", DerivedColumnCreate(alias="bad", expression="GT($n"))


def test_a_query_runs(server, client):
    for rate, value in ((10, 200), (10, 1100)):
        status, _, _ = server.request("POST", "/1/events/shop", b'{"value":%d,"user":"worf"}' % value,
                                      {"x-honeycomb-team": "k", "x-honeycomb-samplerate": str(rate)})
        assert status == 200
    spec = QueryBuilder().count().avg("value").group_by("user").last_1_hour().build()
    query = client.queries.create(spec, dataset="shop")
    result = client.query_results.run("shop", query_id=query.id, poll_interval=0.05)
    assert result.data.rows == [{"user": "worf", "COUNT": 20, "AVG(value)": 650}]
    annotation = client.query_annotations.create("shop", QueryAnnotationCreate(name="by user", query_id=query.id))
    assert [entry.name for entry in client.query_annotations.list("shop")] == ["by user"]
    client.query_annotations.delete("shop", annotation.id)
    with pytest.raises(HoneycombNotFoundError):
        client.query_results.run("shop", query_id="none")
    with pytest.raises(HoneycombAPIError):
        client.queries.create(QuerySpec(time_range=60, start_time=1, end_time=2), dataset="shop")


def test_markers_and_recipients(client):
    marker = client.markers.create("shop", MarkerCreate(message="deploy", type="deploy"))
    assert [entry.id for entry in client.markers.list("shop")] == [marker.id]
    client.markers.delete("shop", marker.id)
    assert client.markers.list("shop") == []
    recipient = EmailRecipient(type="email", details={"email_address": "a@example.com"})
    made = client.recipients.create(recipient)
    with pytest.raises(HoneycombAPIError) as conflict:
        client.recipients.create(recipient)
    assert conflict.value.status_code == 409
    client.recipients.delete(made.id)
    assert client.recipients.list() == []
