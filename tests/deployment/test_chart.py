"""What the chart makes of an installation's values; without a cluster, rendered by helm."""

import json
import os
import re

import pytest
import yaml

from infra.settings_tables import settings_of
from intake.documents.read_document import PLACES
from tests.deployment.charts import (
    CASES,
    CHART,
    GOLDEN,
    PARTITIONS,
    ROOT,
    SERVICES,
    helm,
    needs_helm,
    objects,
    pods,
    render,
    values,
)
from tests.unit.documents.children import MOST_CHILD

pytestmark = needs_helm
PROCESSES = {f"cpt-{service}-{kind}" for service in SERVICES for kind in ("web", "worker")}
JOBS = ("migrate", "topics", "verify-audit", "prove-line", "backup")
KAFKA_PORTS = {9092, 9093}


@pytest.fixture(scope="module", params=CASES)
def rendered(request):
    return render(values(request.param))


@pytest.fixture(scope="module")
def plain():
    return render(values("plain"))


def by_name(text, kind):
    return {document["metadata"]["name"]: document for document in objects(text, kind)}


@pytest.mark.parametrize("case", CASES)
def test_a_render_is_what_was_reviewed(case):
    """A change of the chart shows in its golden renders: `python -m tests.deployment.charts` writes them."""
    assert render(values(case)) == (GOLDEN / f"{case}.yaml").read_text()


@pytest.mark.parametrize("case", CASES)
def test_the_linter_has_nothing_to_say(case):
    answer = helm("lint", "--strict", given=values(case))
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_each_service_has_a_web_and_a_worker_that_may_be_disrupted_one_at_a_time(plain):
    for kind in ("Deployment", "Service", "PodDisruptionBudget"):
        assert by_name(plain, kind).keys() == PROCESSES
    assert {d["spec"]["maxUnavailable"] for d in objects(plain, "PodDisruptionBudget")} == {1}
    for deployment in objects(plain, "Deployment"):
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert container["startupProbe"]["httpGet"]["path"] == container["livenessProbe"]["httpGet"]["path"] == "/livez"
        assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
        assert {"requests", "limits"} <= container["resources"].keys()
        assert len(deployment["spec"]["template"]["spec"]["topologySpreadConstraints"]) == 2


def test_every_pod_is_restricted_and_holds_no_token(rendered):
    """Pod Security `restricted`, and a root that nobody writes."""
    for name, pod in pods(rendered).items():
        assert pod["automountServiceAccountToken"] is False, name
        assert (pod["securityContext"]["runAsNonRoot"], pod["securityContext"]["runAsUser"]) == (True, 65532)
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }


def test_migrations_run_as_jobs_that_add_before_the_new_code_and_take_away_after_it(plain):
    """docs/architecture.md: expand before, contract after; each service with its own Secret, all at once."""
    jobs = by_name(plain, "Job")

    for phase, words in (("pre", ["migrate", "--pre"]), ("post", ["migrate"])):
        job = jobs[f"cpt-migrate-{phase}"]
        containers = {c["name"]: c for c in job["spec"]["template"]["spec"]["containers"]}
        assert job["metadata"]["annotations"]["helm.sh/hook"] == f"{phase}-install,{phase}-upgrade"
        assert containers.keys() == set(SERVICES)
        for service, container in containers.items():
            assert (container["args"], container["image"]) == (words, f"registry.example/cpt/{service}:1")
            assert {"name": service, "mountPath": "/run/secrets/cpt", "readOnly": True} in container["volumeMounts"]


def test_taking_away_can_wait_so_that_a_rollback_needs_no_thought():
    assert not [name for name in by_name(render(values("ingress")), "Job") if name.endswith("-post")]


def test_the_topic_job_makes_the_topics_of_the_repository(plain):
    given = json.loads(by_name(plain, "ConfigMap")["cpt-topics"]["data"]["topics.json"])

    assert given == yaml.safe_load((ROOT / "infra" / "kafka" / "topics.yaml").read_text())
    assert by_name(plain, "Job")["cpt-topics"]["spec"]["template"]["spec"]["containers"][0]["args"][0] == "topics"


def test_a_worker_gets_longer_to_stop_than_its_slowest_batch(plain):
    """Stack.md, lifecycle: 45 s of trying again and one more attempt, then the loops and the pool."""
    for name, deployment in by_name(plain, "Deployment").items():
        pod = deployment["spec"]["template"]["spec"]
        assert pod["terminationGracePeriodSeconds"] >= (75 if name.endswith("worker") else 20)


def test_a_web_pod_serves_on_until_nobody_sends_it_requests_any_more(plain):
    for name, deployment in by_name(plain, "Deployment").items():
        (container,) = deployment["spec"]["template"]["spec"]["containers"]
        assert ("lifecycle" in container) == name.endswith("web")


def test_everything_is_denied_but_the_edges_that_a_process_needs(plain):
    policies = by_name(plain, "NetworkPolicy")
    deny = policies.pop("cpt-nothing-else")["spec"]

    assert (deny["policyTypes"], deny.keys() & {"ingress", "egress"}) == (["Ingress", "Egress"], set())
    assert policies.keys() == PROCESSES | {f"cpt-{kind}" for kind in (*JOBS, "test", "command")}
    assert "ingress" not in policies["cpt-review-worker"]["spec"]


def ports(policy):
    return {port["port"] for rule in policy["spec"]["egress"] for port in rule["ports"]}


def test_a_web_process_has_no_way_to_kafka(plain):
    """docs/architecture.md: it holds no Kafka client."""
    for name, policy in by_name(plain, "NetworkPolicy").items():
        if name in PROCESSES:
            assert (ports(policy) >= KAFKA_PORTS) == name.endswith("worker")
    assert ports(by_name(plain, "NetworkPolicy")["cpt-notifier-worker"]) == {53, 5432, 25, 465, 587} | KAFKA_PORTS


def test_secrets_are_files_and_each_kind_of_process_has_its_own(plain):
    mounted = {}
    for name, pod in pods(plain).items():
        mounted[name] = {v["secret"]["secretName"] for v in pod["volumes"] if "secret" in v}
        projected = [s for v in pod["volumes"] for s in v.get("projected", {}).get("sources", [])]
        mounted[name] |= {source["secret"]["name"] for source in projected}
        assert not [e for e in pod["containers"][0].get("envFrom", []) if "secretRef" in e]
    assert mounted["cpt-review-web"] == {"cpt-review-web"}
    assert mounted["cpt-review-worker"] == {"cpt-review-worker"}
    assert mounted["cpt-migrate-pre"] == {f"cpt-{service}-migrate" for service in SERVICES}


def test_workers_scale_by_lag_up_to_the_partitions_and_nobody_else_sets_their_number():
    text = render(values("everything"))

    for name, scaled in by_name(text, "ScaledObject").items():
        assert scaled["spec"]["maxReplicaCount"] <= PARTITIONS
        (trigger,) = scaled["spec"]["triggers"]
        assert trigger["metadata"]["consumerGroup"] == name.removeprefix("cpt-").removesuffix("-worker")
    assert len(by_name(text, "HorizontalPodAutoscaler")) == len(by_name(text, "ScaledObject")) == len(SERVICES)
    assert not [d for d in objects(text, "Deployment") if "replicas" in d["spec"]]


def test_a_changed_setting_starts_the_pods_again():
    def hashes(given):
        found = objects(render(given), "Deployment")
        return {d["spec"]["template"]["metadata"]["annotations"]["cpt.umass.edu/settings"] for d in found}

    assert hashes(values("plain")).isdisjoint(hashes(values("plain") | {"logLevel": "DEBUG"}))


def test_an_operator_of_kafka_gets_users_who_may_do_what_their_service_does():
    users = by_name(render(values("everything")), "KafkaUser")

    for service in SERVICES:
        readme = (ROOT / "services" / service / "README.md").read_text()
        heard = set(re.findall(r"`((?:cpt|campus)\.\w+)`", re.search(r"\| consumes \|(.*)", readme)[1]))
        acls = users[f"cpt-{service}"]["spec"]["authorization"]["acls"]
        read = {a["resource"]["name"] for a in acls if a["resource"]["type"] == "topic" and "Read" in a["operations"]}
        written = {a["resource"]["name"] for a in acls if "Write" in a["operations"]}
        (own,) = {name for name in written if name.startswith("cpt.")}
        assert read == heard | {own}, "its own topic for verify-audit"


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"priority": "urgent"}, "priority"),
        ({"worker": {"replicas": 7}}, "replicas"),
        ({"worker": {"graceSeconds": 10}}, "graceSeconds"),
        ({"image": {"registry": "r", "tag": ""}}, "tag"),
        ({"web": {"resources": {"limit": {}}}}, "limit"),
        ({"network": {"kafka": {"ports": []}}}, "ports"),
        ({"settings": {"REVIEW": "1"}}, "REVIEW"),
        ({"processes": {"intake-wep": {"replicas": 3}}}, "intake-wep"),
        ({"processes": {"intake-web": {"replica": 3}}}, "replica"),
        ({"processes": {"intake-worker": {"replicas": 7}}}, "replicas"),
        ({"processes": {"topics": {"contract": False}}}, "contract"),
        ({"pods": {"env": [{"name": "A", "values": "b"}]}}, "values"),
        ({"pods": {"volumes": [{"name": "a", "hostPath": {"path": "/"}}]}}, "hostPath"),
        ({"pods": {"tolerations": [{"key": "a", "operator": "Is"}]}}, "operator"),
        ({"image": {"registry": "r", "tag": "1", "digests": {"intake": "sha256:1"}}}, "intake"),
        ({"regular": {"verifyAudit": "daily"}}, "verifyAudit"),
        ({"regular": {"backup": {"schedule": "0 3 * * *", "image": "postgres:17"}}}, "backup"),
        ({"proxy": {"url": "proxy.example:3128"}}, "url"),
        ({"fullnameOverride": "Office_CPT"}, "fullnameOverride"),
        ({"outside": {"timeouts": {"request": "long"}}}, "request"),
        ({"outside": {"kind": "gateway", "hosts": {"intake": "cpt.example"}}}, "parents"),
        (
            {"outside": {"kind": "ingress", "hosts": {"intake": "cpt.example", "review": "cpt.example"}}},
            "a host of its own",
        ),
        ({"documents": {"url": "/var/lib"}}, "url"),
        ({"secrets": {"intake": {"web": ""}}}, "web"),
    ],
)
def test_values_that_nobody_could_have_meant_are_refused_by_name(wrong, word):
    answer = helm("template", "cpt", given=values("plain") | wrong)

    assert answer.returncode != 0
    assert word in answer.stderr


@pytest.mark.parametrize("missing", ["image", "kafka", "oidc", "spire", "smtp", "documents", "links"])
def test_what_only_an_installation_can_know_is_asked_for(missing):
    given = values("plain")
    del given[missing]

    answer = helm("template", "cpt", given=given)

    assert answer.returncode != 0
    assert missing in answer.stderr


def test_alert_rules_are_installed_where_the_repository_has_them():
    rules = sorted((CHART / "files" / "rules").glob("*.yaml"))
    installed = by_name(render(values("everything")), "PrometheusRule")
    assert {f"cpt-{rule.stem}" for rule in rules} == installed.keys()


def test_traces_leave_only_where_a_collector_is_named(plain):
    everything = render(values("everything"))

    assert "CPT_TRACES__ENDPOINT" not in by_name(plain, "ConfigMap")["cpt-settings"]["data"]
    assert by_name(everything, "ConfigMap")["cpt-settings"]["data"]["CPT_TRACES__ENDPOINT"].endswith(":4318")
    for text, open_port in ((plain, False), (everything, True)):
        policies = by_name(text, "NetworkPolicy")
        assert {4318 in ports(policies[name]) for name in PROCESSES} == {open_port}


def test_each_alert_leads_to_its_page_at_the_given_address():
    rules = objects(render(values("everything")), "PrometheusRule")
    addresses = {
        rule["annotations"]["runbook_url"] for one in rules for g in one["spec"]["groups"] for rule in g["rules"]
    }

    assert {d["metadata"]["name"] for d in rules} == {"cpt-platform", "cpt-office", "cpt-compliance"}
    assert {address.rpartition("/")[0] for address in addresses} == {"https://docs.example/runbooks"}


def test_a_pod_that_reads_documents_has_the_memory_of_all_its_processes():
    """One reading process a place, beside what any web process gets; half of it was missing before."""
    given = yaml.safe_load((CHART / "values.yaml").read_text())
    own = (given["processes"]["intake-web"], given["web"])
    reading, other = (_mib(each["resources"]["limits"]["memory"]) for each in own)

    assert reading >= PLACES * MOST_CHILD + other


def _mib(quantity):
    number, unit = re.fullmatch(r"(\d+)(Mi|Gi)", quantity).groups()
    return int(number) * {"Mi": 1, "Gi": 1024}[unit]


@pytest.mark.parametrize(
    "recipe", re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "sign-in.md").read_text(), re.DOTALL)
)
def test_a_recipe_of_the_sign_in_is_a_part_of_the_values(recipe):
    told = yaml.safe_load(recipe)
    rendered = render(values("plain") | told)

    (settings,) = objects(rendered, "ConfigMap")[:1]
    environments = by_name(rendered, "Deployment")["cpt-review-web"]["spec"]["template"]["spec"]["containers"][0]["env"]
    audience = {one["value"] for one in environments if one["name"] == "CPT_OIDC__AUDIENCE"}
    assert told["settings"].items() <= settings["data"].items()
    assert audience == {name for name in [told["oidc"].get("audiences", {}).get("review")] if name}


def test_a_worker_and_the_topic_job_sign_in_at_kafka_as_the_page_says(plain):
    """docs/kafka.md: the keys of another's Secret become files, named by the settings; no web pod holds any of it."""
    told = yaml.safe_load(re.search(r"```yaml\n(.*?)```", (ROOT / "docs" / "kafka.md").read_text(), re.DOTALL)[1])
    made = pods(render(values("plain") | told))
    for name in (
        "cpt-intake-worker",
        "cpt-enrollment-sync-worker",
        "cpt-review-worker",
        "cpt-notifier-worker",
        "cpt-topics",
    ):
        (secrets,) = [volume for volume in made[name]["volumes"] if volume["name"] == "secrets"]
        files = {
            item["path"] for source in secrets["projected"]["sources"] for item in source["secret"].get("items", [])
        }
        assert files == {"kafka/user.crt", "kafka/user.key", "kafka/ca.crt"}
        (container,) = made[name]["containers"]
        assert {"name": "CPT_KAFKA__CA_FILE", "value": "/run/secrets/cpt/kafka/ca.crt"} in container["env"]
    (job,) = made["cpt-topics"]["containers"]
    assert all({"name": name, "value": value} in job["env"] for name, value in told["settings"].items())
    assert "kafka/" not in json.dumps(made["cpt-intake-web"])
    assert "kafka/" not in json.dumps(pods(plain))


def test_strimzi_s_own_secrets_are_the_logins_and_keda_signs_in_by_reference():
    scaling = {"enabled": True, "authenticationRef": {"name": "cpt-kafka"}}
    rendered = render(values("plain") | {"strimzi": {"enabled": True}, "worker": {"autoscaling": scaling}})
    users = by_name(rendered, "KafkaUser")
    for service in SERVICES:
        pod = pods(rendered)[f"cpt-{service}-worker"]
        assert {
            "secret": {"name": f"cpt-{service}", "items": [{"key": "password", "path": "CPT_KAFKA__PASSWORD"}]}
        } in [source for volume in pod["volumes"] for source in volume.get("projected", {}).get("sources", [])]
        assert {"name": "CPT_KAFKA__USERNAME", "value": f"cpt-{service}"} in pod["containers"][0]["env"]
        assert f"cpt-{service}" in users
    triggers = [trigger for scaled in objects(rendered, "ScaledObject") for trigger in scaled["spec"]["triggers"]]
    assert [trigger["authenticationRef"] for trigger in triggers] == [{"name": "cpt-kafka"}] * 4


def test_where_a_login_is_a_token_whoever_gives_it_out_can_be_reached(plain):
    network = {"kafkaTokens": {"ports": [8443], "to": []}}
    told = {"settings": {"CPT_KAFKA__MECHANISM": "OAUTHBEARER"}, "network": network}
    policies = by_name(render(values("plain") | told), "NetworkPolicy")
    reached = {name for name, policy in policies.items() if "8443" in json.dumps(policy)}

    assert reached == {
        *(f"cpt-{service}-worker" for service in SERVICES),
        "cpt-topics",
        "cpt-command",
        "cpt-verify-audit",
    }
    assert "8443" not in plain


def test_a_command_of_operations_is_a_job_that_names_who_runs_it(plain):
    """Never part of a release; it has its process's Secret, the files it reads, and the way to database and Kafka alone."""
    told = {
        "service": "review",
        "as": "web",
        "words": ["import-authorizations", "/run/input/list.csv"],
        "files": "list",
    }
    given = values("plain") | {"command": told | {"actor": "kim@umass.edu"}}
    printed = helm("template", "cpt", "-s", "templates/command.yaml", given=given)
    (job,) = objects(printed.stdout, "Job")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    edges = by_name(plain, "NetworkPolicy")["cpt-command"]["spec"]["egress"]

    assert container["args"] == told["words"]
    assert {"name": "CPT_ACTOR", "value": "kim@umass.edu"} in container["env"]
    assert {mount["mountPath"] for mount in container["volumeMounts"]} == {"/tmp", "/run/secrets/cpt", "/run/input"}
    assert {port["port"] for edge in edges for port in edge["ports"]} == {53, 5432, *KAFKA_PORTS}
    assert "who runs it" in helm("template", "cpt", given=values("plain") | {"command": told}).stderr
    assert "command-" not in plain


@pytest.mark.parametrize("service", SERVICES)
def test_the_shortest_values_of_the_page_start_a_service_in_production(service, monkeypatch):
    """Whatever has no sane default is asked for by the schema, and not found out by a pod that does not start."""
    page = (ROOT / "docs" / "kubernetes.md").read_text().replace(".example", ".edu")
    rendered = render(yaml.safe_load(re.search(r"```yaml\n(.*?)```", page, re.DOTALL)[1]))
    (settings,) = [config for config in objects(rendered, "ConfigMap") if config["metadata"]["name"] == "cpt-settings"]
    for name in [name for name in os.environ if name.startswith("CPT_")]:
        monkeypatch.delenv(name)
    for name, value in {**settings["data"], "CPT_POSTGRES__DSN": "postgresql://db.umass.edu/cpt"}.items():
        monkeypatch.setenv(name, value)

    found = settings_of(service.replace("-", "_"))()
    assert found.environment == "production"


@pytest.mark.parametrize("lacking", ["mail", "office", "oidc", "spire", "smtp", "documents", "links", "kafka", "image"])
def test_what_has_no_sane_default_is_required(lacking):
    given = {name: value for name, value in values("plain").items() if name != lacking}
    refused = helm("template", "cpt", given=given)

    assert refused.returncode != 0
    assert f"/{lacking}" in refused.stderr
