"""``nnsim train``: the same run as in the window, progress, results, and runs that go wrong."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from nnsim import cli
from nnsim.commands.train import milestones
from nnsim.core.trainer import Trainer
from nnsim.io import project_file
from nnsim.model.build import build, default_project
from nnsim.model.compile import compile_project, with_state
from nnsim.model.project import Data, Training


def saved(path: Path, project) -> str:
    project_file.save(path, project)
    return str(path)


def runaway():
    data = Data("circle", {"count": 20}, features=("x1", "x2"))
    return build((2, 3, 1), "linear", data, Training(learning_rate=1e6, batch_size=0))


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_run_in_two_parts_saves_the_same_bytes_as_one_run(tmp_path, capsys, optimizer):
    project = default_project()
    project = replace(project, training=replace(project.training, optimizer=optimizer))
    start = saved(tmp_path / "start.nnsim", project)
    whole, half, rest = (str(tmp_path / f"{name}.nnsim") for name in ("whole", "half", "rest"))
    assert cli.main(["train", start, "--epochs", "20", "--save", whole]) == 0
    assert cli.main(["train", start, "--epochs", "10", "--save", half]) == 0
    assert cli.main(["train", half, "--epochs", "10", "--save", rest]) == 0
    assert Path(whole).read_bytes() == Path(rest).read_bytes()
    assert Path(whole).read_bytes() != Path(half).read_bytes()


def test_json_says_what_the_trainer_reaches_and_is_the_same_every_time(tmp_path, capsys):
    project = default_project()
    path = saved(tmp_path / "circle.nnsim", project)
    texts = []
    for _ in range(2):
        assert cli.main(["train", path, "--epochs", "7", "--json"]) == 0
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]
    found = json.loads(texts[0])
    ready = compile_project(project)
    trainer = Trainer(ready.task, ready.state)
    trainer.run(7 * trainer.batches_per_epoch)
    accuracy = found.pop("metrics").pop("accuracy")
    assert set(accuracy) == {"train", "test"} and 0.0 <= accuracy["test"] <= 1.0
    assert found == {
        "project": path,
        "epochs": 7,
        "steps": trainer.step,
        "train_loss": trainer.train_loss(),
        "test_loss": trainer.test_loss(),
        "diverged": False,
        "saved": None,
    }


def test_an_epoch_under_way_is_finished_and_counts_as_one(tmp_path, capsys):
    ready = compile_project(default_project())
    trainer = Trainer(ready.task, ready.state)
    trainer.run(3)
    trainer.advance()
    path = saved(tmp_path / "midway.nnsim", with_state(ready, trainer.checkpoint()))
    assert cli.main(["train", path, "--epochs", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["epochs"], found["steps"]) == (2, 2 * trainer.batches_per_epoch)


@pytest.mark.parametrize(
    ("key", "epochs"), [("xor", 200), ("xor-points", 100), ("circle", 100), ("spiral", 200), ("digits", 30)]
)
def test_the_first_examples_are_learned(key, epochs, capsys):
    assert cli.main(["train", key, "--epochs", str(epochs), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["metrics"]["accuracy"]["train"] >= 0.99
    test = found["metrics"]["accuracy"]["test"]
    assert (test is None) == (key == "xor") and (test is None or test >= 0.95)


def test_no_epochs_change_nothing(tmp_path, capsys):
    path, out = saved(tmp_path / "a.nnsim", default_project()), tmp_path / "b.nnsim"
    assert cli.main(["train", path, "--epochs", "0", "--save", str(out)]) == 0
    assert out.read_bytes() == Path(path).read_bytes()
    assert "Result: epoch 0, update 0" in capsys.readouterr().out


@pytest.mark.parametrize("epochs", [1, 15, 16, 20, 100, 12_345, 10**6, 10**30])
def test_about_fifteen_progress_lines_lead_to_the_last_epoch(epochs):
    found = milestones(epochs)
    assert found == sorted(set(found)) and found[0] == 1 and found[-1] == epochs
    assert min(epochs, 10) <= len(found) <= 20


def test_progress_has_losses_and_metric_by_epoch(tmp_path, capsys):
    path = saved(tmp_path / "a.nnsim", default_project())
    assert cli.main(["train", path, "--epochs", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == [
        "epoch",
        "train",
        "loss",
        "test",
        "loss",
        "train",
        "Accuracy",
        "test",
        "Accuracy",
    ]
    assert [line.split()[0] for line in lines[2:6]] == ["0", "1", "2", "3"]
    assert len({len(line) for line in lines[1:6]}) == 1


def test_divergence_ends_with_1_says_what_to_try_and_saves_the_last_good_state(tmp_path, capsys):
    path, out = saved(tmp_path / "a.nnsim", runaway()), tmp_path / "good.nnsim"
    assert cli.main(["train", path, "--epochs", "500", "--save", str(out)]) == 1
    printed = capsys.readouterr().out
    project = project_file.load(out)[0]
    epoch = project.progress.epoch
    assert 0 < epoch < 500
    assert f"diverged in epoch {epoch + 1}" in printed and "smaller learning rate" in printed
    assert Trainer(*_task_and_state(project)).is_finite()
    assert cli.main(["train", path, "--epochs", "500", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert found["diverged"] is True and found["epochs"] == epoch


def _task_and_state(project):
    ready = compile_project(project)
    return ready.task, ready.state


def test_saving_over_the_project_itself_works(tmp_path, capsys):
    path = saved(tmp_path / "a.nnsim", default_project())
    for _ in range(2):
        assert cli.main(["train", path, "--epochs", "1", "--save", path]) == 0
    assert project_file.load(Path(path))[0].progress.epoch == 2


def test_an_interrupted_run_saves_what_it_has_reached(tmp_path, capsys, monkeypatch):
    path, out = saved(tmp_path / "a.nnsim", default_project()), tmp_path / "b.nnsim"
    run, calls = Trainer.run, []

    def interrupted(self, steps):
        if len(calls) == 2:
            raise KeyboardInterrupt
        calls.append(steps)
        return run(self, steps)

    monkeypatch.setattr(Trainer, "run", interrupted)
    assert cli.main(["train", path, "--epochs", "9", "--save", str(out)]) == 130
    assert project_file.load(out)[0].progress.step == sum(calls)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["xor", "--epochs", "-1"], "--epochs must be 0 or more, not -1."),
        (["xor", "--epochs", "1", "--save", "nowhere/at/all.nnsim"], "there is no folder"),
        (["xor", "--epochs", "1", "--save", "."], "that is a folder"),
        (["xoor", "--epochs", "1"], "Did you mean “xor”"),
        (["missing.nnsim", "--epochs", "1"], "“missing.nnsim” cannot be opened."),
    ],
)
def test_a_wrong_request_is_refused_before_anything_is_done(tmp_path, monkeypatch, capsys, arguments, reason):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["train", *arguments]) == 2
    captured = capsys.readouterr()
    assert reason in captured.err and captured.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_project_that_cannot_be_computed_is_refused_with_its_problems(tmp_path, capsys):
    project = default_project()
    broken = replace(project, training=replace(project.training, optimizer="from the future"))
    path = saved(tmp_path / "a.nnsim", broken)
    assert cli.main(["train", path, "--epochs", "1"]) == 2
    assert "from the future" in capsys.readouterr().err
