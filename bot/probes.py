"""The pages for operators. They stand on a port of their own; the public one has nothing but the sign of life."""

import json
from functools import partial

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.front import application
from bot.health import FAILING, Health
from bot.metrics import Metrics

_written = partial(json.dumps, ensure_ascii=False)


def add_sign_of_life(app: web.Application, health: Health) -> None:
    """`/healthz`: 200 as long as the process should be left to run."""

    async def alive(_request: web.Request) -> web.Response:
        well = health.alive()
        return web.Response(text="ok\n" if well else "stopped\n", status=200 if well else 503)

    app.router.add_get("/healthz", alive)


def internal_app(health: Health, metrics: Metrics) -> web.Application:
    """`/readyz` in JSON, 503 when this process should get no turns, and `/metrics` for Prometheus."""
    app = application()
    add_sign_of_life(app, health)

    async def ready(_request: web.Request) -> web.Response:
        report = await health.ready()
        return web.json_response(report.told(), status=503 if report.state == FAILING else 200, dumps=_written)

    async def figures(_request: web.Request) -> web.Response:
        body = metrics.page(None if health.stopping else await health.figures())
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app.router.add_get("/readyz", ready)
    app.router.add_get("/metrics", figures)
    return app
