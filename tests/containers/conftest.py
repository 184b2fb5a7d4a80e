# SPDX-License-Identifier: Apache-2.0
"""What the container tests share. What takes long is started at once, in the background, in the order of its needs.

KEEP=1 leaves engine, images and machines in build/containers for the next run, which then starts in seconds.
"""
import concurrent.futures
import os
import pathlib

import pytest

import capability
from engine import BASE, BUILT, ROOT, WORK, Engine, run
from machine import extract, install
from registry import Registry


def pytest_collection_modifyitems(items):
    reason = capability.missing()
    for item in items:
        if reason and "on_paper" not in item.keywords:
            item.add_marker(pytest.mark.skip(reason=reason))


class Workshop:
    """The base, the images, the package and the machines, each made once, several at a time."""

    def __init__(self):
        WORK.mkdir(parents=True, exist_ok=True)
        self.pool = concurrent.futures.ThreadPoolExecutor(max_workers=8)
        self.engine = Engine(WORK / "docker").start()
        self.base_tar = self.pool.submit(self.make_base)
        self.base = self.pool.submit(self.import_base)
        self.images = {
            name: self.pool.submit(self.build, what, name, *options)
            for what, name, options in (
                ("flask", "skep/backend-flask:test", ()), ("server", "skep/server:test", ()),
                ("activities", "skep/backend-activities:test", ()))}
        self.flask_again = None if os.environ.get("KEEP") else self.pool.submit(self.build_again)
        self.package = self.pool.submit(self.make_package)
        self.cloud_tree = self.pool.submit(self.make_cloud_tree)

    def make_base(self):
        tar = WORK / "base.tar"
        if not tar.exists():
            part = WORK / "base.part.tar"
            # Without syncing each file and without translations, as the images of Docker's hub are.
            run("mmdebstrap", "--quiet", "--variant=minbase", "--dpkgopt=force-unsafe-io", '--aptopt=Acquire::Languages "none"',
                "bookworm", part)
            part.rename(tar)
        return tar

    def import_base(self):
        if os.environ.get("KEEP") and self.engine("image", "inspect", BASE, check=False).returncode == 0:
            return
        self.engine("import", "-c", 'CMD ["/bin/bash"]', self.base_tar.result(), BASE)

    def build(self, what, name, *options):
        self.base.result()
        return self.engine.build(what, name, *options)

    def build_again(self):
        self.images["skep/backend-flask:test"].result()
        return self.engine.build("flask", "skep/backend-flask:again", "--no-cache")

    def make_package(self):
        if os.environ.get("KEEP") and (kept := list((ROOT / "build/package").glob("*.deb"))):
            return kept[0]
        return pathlib.Path(run(ROOT / "script/package", "deb", env=BUILT).stdout.strip())

    def make_cloud_tree(self):
        """A Debian machine as a cloud boots it, without Docker: that is for the user data to install."""
        if os.environ.get("KEEP") and (WORK / "cloud/usr/bin/cloud-init").exists():
            return WORK / "cloud"
        tree = extract(self.base_tar.result(), WORK / "cloud")
        install(tree, "cloud-init", "systemd-sysv", "udev", "dbus", "iproute2", "netbase", "curl")
        return tree

    def close(self):
        if os.environ.get("KEEP"):
            return
        self.pool.shutdown(wait=True, cancel_futures=True)
        self.engine.stop()
        run("rm", "-rf", "--one-file-system", *(WORK / name for name in ("docker", "cloud", "installed")))


@pytest.fixture(scope="session")
def workshop():
    shop = Workshop()
    yield shop
    shop.close()


@pytest.fixture(scope="session")
def engine(workshop):
    workshop.base.result()
    return workshop.engine


@pytest.fixture(scope="session")
def flask_image(workshop):
    return workshop.images["skep/backend-flask:test"].result()


@pytest.fixture(scope="session")
def server_image(workshop):
    return workshop.images["skep/server:test"].result()


@pytest.fixture(scope="session")
def activities_image(workshop):
    return workshop.images["skep/backend-activities:test"].result()


@pytest.fixture
def container(engine):
    """container(image, ...): runs one in the background; gone after the test."""
    made = []

    def start(*arguments):
        made.append(engine("run", "-d", *arguments).stdout.strip())
        return made[-1]

    yield start
    for name in made:
        engine("rm", "-f", "-v", name)


@pytest.fixture(scope="session")
def registry(tmp_path_factory):
    running = Registry(tmp_path_factory.mktemp("registry"))
    yield running.address
    running.stop()


@pytest.fixture(scope="session")
def published(engine, registry, flask_image):
    """The backend's image in the registry, as user/backend-flask-service:1.0; its repository@digest."""
    return run(ROOT / "script/image", "push", flask_image, f"{registry}/user/backend-flask-service:1.0",
               env=engine.environment).stdout.strip()
