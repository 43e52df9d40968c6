"""`reqc diff` and `reqc changelog`, as they are used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from reqc.compiler.source import display_width
from tests.cli.command import SMALL, reqc
from tests.cli.terminals import at_terminal, plain
from tests.deployments import SPECS
from tests.evaluation.nodes import told

HERE = Path(__file__).parent
SHIPPED = (SPECS / "v3.16-openstack.req", SPECS / "v3.24-openshift.req")
PAIR = (HERE / "openstack-3.16.req", HERE / "openstack-3.24.req")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return write(tmp_path, "old.req", SMALL)


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return write(tmp_path, "new.req", SMALL.replace("cpu >= 2", "cpu >= 4"))


def test_documents_that_say_the_same_do_not_differ(old: Path) -> None:
    done = reqc("diff", old, old, "--exit-code")

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "nothing changed"


def test_a_difference_is_a_problem_only_when_asked(old: Path, new: Path) -> None:
    told_of, asked = reqc("diff", old, new), reqc("diff", old, new, "--exit-code")

    assert (told_of.returncode, asked.returncode) == (0, 1)
    assert told_of.stdout == asked.stdout
    assert told_of.stdout.splitlines() == [
        "demo 1.0 on linux -> demo 1.0 on linux",
        "",
        "Do before the upgrade: a host that satisfies the old page may fail the new one",
        "  stricter  node.cpu: must: at least 4 processors",
        "            at least 2 processors -> at least 4 processors",
        "",
        "1 stricter",
    ]


def test_a_document_that_cannot_be_read_is_no_difference(old: Path, tmp_path: Path) -> None:
    assert reqc("diff", old, tmp_path / "none.req").returncode == 1
    assert reqc("diff", old, tmp_path / "none.req", "--exit-code").returncode == 2


def test_a_new_default_is_told_as_a_choice_that_changed(old: Path, tmp_path: Path) -> None:
    new = write(tmp_path, "new.req", SMALL.replace("typha: bool = false", "typha: bool = true"))

    done = reqc("diff", old, new, "--exit-code")

    assert done.returncode == 1
    assert "  changed   typha: default false -> true" in done.stdout.splitlines()
    assert "node.typha" in done.stdout, "who chooses nothing has it now"
    chosen = reqc("diff", old, new, "--set", "typha=false")
    assert "node.typha" not in chosen.stdout
    assert chosen.stdout.splitlines()[-1] == "no requirement changed"


@pytest.mark.parametrize("documents", [SHIPPED, PAIR])
def test_a_program_reads_what_the_schema_says(documents: tuple[Path, Path]) -> None:
    schema = json.loads(reqc("schema", "diff").stdout)
    written = json.loads(reqc("diff", *documents, "--format", "json").stdout)

    Draft202012Validator.check_schema(schema)
    assert [*Draft202012Validator(schema).iter_errors(written)] == []
    assert sum(written["counts"].values()) == len(written["changes"]) > 20
    del written["changes"][0]["do"]
    assert [*Draft202012Validator(schema).iter_errors(written)]


def test_choices_compare_two_deployments() -> None:
    usual = reqc("diff", *SHIPPED).stdout
    chosen = reqc("diff", *SHIPPED, "--set", "kube_proxy=ipvs", "--set", "vxlan=true").stdout
    own = reqc("diff", *SHIPPED, "--new-set", "kube_proxy=ipvs", "--set", "vxlan=true").stdout

    assert "kernel.match_ipvs was kernel.xt_ipvs" in chosen, "with IPVS nothing got looser"
    assert chosen == own
    assert "when kube_proxy" not in chosen
    assert "when kube_proxy" in usual
    assert (
        "new       kernel.vxlan: must: kernel feature vxlan, when calico_networking (as" in chosen
    )


def test_roles_narrow_it_to_their_hosts() -> None:
    etcd = reqc("diff", *SHIPPED, "--role", "etcd", "--format", "json")

    changed = [item["id"] for item in json.loads(etcd.stdout)["changes"]]

    assert changed == ["store.members", "network.etcd"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--set", "nothing=1"), "no specification has an option `nothing`"),
        (("--role", "nobody"), "no specification has a role `nobody`"),
        (("--old-set", "wireguard=true"), "the specification has no option `wireguard`"),
        (("--set", "ipip=perhaps"), "`perhaps` is no value"),
        (("--target", "nftable"), "there is no target `nftable`"),
        (("--target", "nftables", "-O", "nothing=1"), "nothing"),
        (("--target", "nftables", "-O", "mode=open"), "mode must be guard or enforce"),
        (("--facts", "nowhere.json"), "nowhere.json"),
    ],
)
def test_wrong_usage_is_told_and_nothing_else(arguments: tuple[str, ...], said: str) -> None:
    done = reqc("diff", *SHIPPED, *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_target_tells_what_to_add_and_remove(tmp_path: Path) -> None:
    hosts = write(
        tmp_path,
        "hosts.yaml",
        "host: {hosts: {h1: {ansible_host: 10.0.0.1}}}\n"
        "etcd: {hosts: {e1: {ansible_host: 10.0.0.3}}}\n",
    )
    roles = ("--role", "etcd", "--inventory", hosts)

    done = reqc("diff", *SHIPPED, "--target", "nftables", *roles)
    same = reqc("diff", SHIPPED[0], SHIPPED[0], "--target", "nftables", *roles)

    changed = [line for line in done.stdout.splitlines() if re.match(r"[+-]\t", line)]
    assert any(line.startswith("-\t\ttcp dport 2379 ip saddr") for line in changed)
    assert not any("sha256" in line or "5473" in line for line in changed)
    assert "What the target nftables writes: nothing changes" in same.stdout


def test_what_a_target_wrote_before_has_the_words_of_before(old: Path, new: Path) -> None:
    script = reqc("diff", old, new, "--target", "shell").stdout
    page = reqc("diff", old, new, "--target", "markdown").stdout

    assert "\n-  id=node.cpu line=10 title='at least 2 processors'\n" in script
    assert "\n+  id=node.cpu line=10 title='at least 4 processors'\n" in script
    assert " | MUST | at least `2` processors | " in page
    assert " | MUST | at least `4` processors | " in page


def test_a_title_that_is_given_is_no_difference_of_what_is_written(tmp_path: Path) -> None:
    titled = "cpu >= 2 {{ title {} }}"
    one, two = (
        write(tmp_path, f"{number}.req", SMALL.replace("cpu >= 2", titled.format(title)))
        for number, title in enumerate(('"One"', '"Two"'))
    )

    done = reqc("diff", one, two, "--target", "shell").stdout

    assert "What the target shell writes: nothing changes" in done


def test_nodes_of_openshift_restart_for_a_change_of_their_configuration() -> None:
    done = json.loads(reqc("diff", *SHIPPED, "--format", "json").stdout)
    elsewhere = json.loads(reqc("diff", *PAIR, "--format", "json").stdout)

    assert "restart" in done["reboot"]
    assert elsewhere["reboot"] == ""
    files = {item["name"]: item["change"] for item in done["configuration"]}
    assert files["/etc/NetworkManager/conf.d/calico.conf"] == "changed"
    assert files["firewalld.service"] == "added"


def node(count: int) -> str:
    return json.dumps(told(processors=count))


def test_facts_tell_which_nodes_fail_through_which_change(
    old: Path, new: Path, tmp_path: Path
) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    for name, count in (("small", 1), ("middle", 2), ("large", 8)):
        write(facts, f"{name}.json", node(count))

    done = reqc("diff", old, new, "--facts", facts)
    record = json.loads(reqc("diff", old, new, "--facts", facts, "--format", "json").stdout)

    assert "            fails now on 1 node: middle" in done.stdout.splitlines()
    (change,) = record["changes"]
    assert (change["fails_now"], change["fails_no_more"]) == (["middle"], [])
    verdicts = {item["name"]: item["verdict"] for item in record["nodes"]}
    assert verdicts == {"large": "unverified", "middle": "fails now", "small": "fails still"}
    back = json.loads(reqc("diff", new, old, "--facts", facts, "--format", "json").stdout)
    assert back["changes"][0]["fails_no_more"] == ["middle"]


def test_markdown_tells_of_nodes_and_of_what_a_target_writes(old: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts"
    facts.mkdir()
    for number in range(23):
        write(facts, f"n{number:02}.json", node(2))
    look = ('manual "Look at the node"', 'manual "Look at the ``` node"')
    new = write(tmp_path, "new.req", SMALL.replace("cpu >= 2", "cpu >= 4").replace(*look))
    form = ("--format", "markdown")

    done = reqc("diff", old, new, "--facts", facts, "--target", "markdown", *form).stdout
    back = reqc("diff", new, old, "--facts", facts, *form).stdout

    first = ", ".join(f"n{number:02}" for number in range(20))
    assert f"\n  - fails now on 23: {first} and 3 more\n" in done
    assert f"\n  - fails no more on 23: {first} and 3 more\n" in back
    assert "\n| Node | Upgrade | Fails with the old | Fails with the new |\n" in done
    assert "\n| n07 | fails now |  | node.cpu |\n" in done
    assert "\n## What the target markdown writes\n" in done
    (block,) = (one for one in MarkdownIt("commonmark").parse(done) if one.type == "fence")
    assert (block.markup, block.info) == ("````", "diff")  # the page has a block of ``` itself
    assert block.content.startswith("--- old/demo-1.0-linux.md\n+++ new/demo-1.0-linux.md\n")
    assert "What the target" not in back


def test_markdown_says_that_a_target_writes_the_same(old: Path) -> None:
    done = reqc("diff", old, old, "--target", "ports", "--format", "markdown")

    assert done.stdout.endswith("\n## What the target ports writes\n\nNothing changes.\n")


def test_what_a_target_refuses_is_told(old: Path, tmp_path: Path) -> None:
    asked = 'file "/usr/a" content "x\\n"'
    new = write(tmp_path, "new.req", SMALL.replace("service firewalld disabled", asked))

    done = reqc("diff", old, new, "--target", "machineconfig")

    assert done.returncode == 2
    assert "error[REQ525]: `/usr/a` is outside of what an image-based system" in done.stderr


def test_markdown_has_all_that_text_has() -> None:
    text = reqc("diff", *SHIPPED).stdout
    written = reqc("diff", *SHIPPED, "--format", "markdown").stdout
    shown = re.sub("<[^>]+>", "", MarkdownIt("commonmark").render(written))

    told_of = r"^  (?:[a-z]+ +)?((?:node|store|network|platform|kernel)\.\w+)"
    ids = set(re.findall(told_of, text, re.MULTILINE))
    assert len(ids) == 48
    assert [name for name in ids if name not in shown] == []


def test_nasty_texts_break_no_form(tmp_path: Path) -> None:
    nasty = 'manual "`| <b>x</b> | \\u{1b}[31m * _ # \\u{202e} [a](b)"'
    one = write(tmp_path, "one.req", SMALL)
    two = write(tmp_path, "two.req", SMALL.replace('manual "Look at the node"', nasty))

    text = reqc("diff", one, two).stdout
    written = reqc("diff", one, two, "--format", "markdown").stdout
    record = reqc("diff", one, two, "--format", "json").stdout

    for form in (text, written, record):
        assert "\x1b" not in form
        assert "\u202e" not in form
    assert "<b>" not in MarkdownIt("commonmark").render(written)
    assert "\x1b[31m" in json.loads(record)["changes"][0]["new"][0]["statement"]


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_a_terminal_is_never_too_narrow(columns: int) -> None:
    shown = at_terminal("diff", *PAIR, columns=columns)

    lines = plain(shown.text).splitlines()
    assert shown.status == 0
    longest = max(lines, key=display_width)
    assert display_width(longest) <= columns or " " not in longest.strip(), longest
    assert "\x1b[" in shown.raw


def test_colours_are_for_terminals_alone() -> None:
    assert "\x1b[" not in reqc("diff", *PAIR).stdout
    assert "\x1b[" in reqc("diff", *PAIR, "--color", "always").stdout
    assert "\x1b[" not in at_terminal("diff", *PAIR, env={"NO_COLOR": "1"}).raw


def test_the_guide_shows_what_is_printed() -> None:
    guide = (SPECS.parent / "docs" / "comparing.md").read_text(encoding="utf-8")
    (block,) = re.findall(
        r"^```console\n\$ reqc diff [^\n]*\n(.*?)^```$", guide, re.MULTILINE | re.DOTALL
    )
    printed = iter(reqc("diff", *SHIPPED).stdout.splitlines())

    shown = [line for line in block.splitlines() if line != "..."]
    assert len(shown) > 4
    assert all(line in printed for line in shown), "in this order"
    headings = re.findall(r"^\| ([A-Z][^|]*?) \|", guide, re.MULTILINE)
    whole = reqc("diff", *SHIPPED).stdout
    assert all(f"\n{heading}: " in whole for heading in headings)


def test_the_help_teaches() -> None:
    said = reqc("diff", "--help").stdout

    for word in ("--facts", "--target", "--old-set", "Stricter", "exit status"):
        assert word in said


# --- changelog ----------------------------------------------------------------------------------

STEPS = ("1.2", "1.10", "1.9")


@pytest.fixture
def chain(tmp_path: Path) -> list[Path]:
    text = SMALL.replace("demo 1.0", "demo {}").replace("cpu >= 2", "cpu >= {}").replace("{", "{{")
    text = text.replace("}", "}}").replace("{{}}", "{}")
    return [
        write(tmp_path, f"v{version}.req", text.format(version, version.partition(".")[2]))
        for version in STEPS
    ]


def test_a_chain_is_told_from_its_newest_end(chain: list[Path]) -> None:
    done = reqc("changelog", *chain)

    heads = [line for line in done.stdout.splitlines() if line.startswith(("# ", "## "))]
    assert heads == [
        "# Changes of the requirements of demo",
        "## demo 1.10 on linux",
        "## demo 1.9 on linux",
    ]
    assert "at least 9 processors -\\> at least 10 processors" in done.stdout
    assert done.stdout.index("least 10") < done.stdout.index("least 2")


def test_a_program_reads_a_chain(chain: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "out.json"

    assert reqc("changelog", *chain, "--format", "json", "-o", out).returncode == 0

    record = json.loads(out.read_text(encoding="utf-8"))
    schema = json.loads(reqc("schema", "changelog").stdout)
    assert [*Draft202012Validator(schema).iter_errors(record)] == []
    assert [item["new"]["version"] for item in record["steps"]] == ["1.10", "1.9"]
    assert [item["changes"][0]["change"] for item in record["steps"]] == ["stricter", "stricter"]


def test_a_chain_needs_two_ends_that_can_be_read(chain: list[Path], tmp_path: Path) -> None:
    assert reqc("changelog", chain[0]).returncode == 2
    assert reqc("changelog", chain[0], tmp_path / "none.req").returncode == 1
