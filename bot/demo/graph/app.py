"""The played Graph as a web application."""

from collections.abc import Awaitable, Callable
from ssl import SSLContext

from aiohttp import web

from bot.demo.graph import availability, directory, mail, phone, shifts
from bot.demo.graph.gate import Answerer, Gate
from bot.demo.graph.pages import Pages
from bot.demo.graph.permissions import CALLS
from bot.demo.graph.tokens import add_tokens
from bot.demo.graph.wire import Refusal
from bot.demo.graph.world import World

VERSION = "/v1.0"
_HOST = "127.0.0.1"

_ANSWERS: dict[str, Answerer] = {
    "POST /users/{id}/events": mail.create,
    "GET /users/{id}/events/{event}": mail.read,
    "PATCH /users/{id}/events/{event}": mail.change,
    "DELETE /users/{id}/events/{event}": mail.delete,
    "POST /users/{id}/events/{event}/cancel": mail.cancel,
    "GET /users/{id}/events/{event}/instances": mail.instances,
    "GET /users/{id}/calendarView/delta": mail.delta,
    "POST /users/{id}/calendar/getSchedule": availability.get_schedule,
    "GET /users/{id}/mailboxSettings": availability.mailbox_settings,
    "GET /groups/{id}/transitiveMembers": directory.transitive_members,
    "GET /groups/delta": directory.groups_delta,
    "POST /users/{id}/teamwork/installedApps": directory.install_app,
    "POST /users/{id}/teamwork/sendActivityNotification": directory.notify,
    "GET /teams/{id}/schedule/shifts": shifts.shifts,
    "GET /teams/{id}/schedule/timesOff": shifts.times_off,
    "POST /communications/calls": phone.place,
    "POST /communications/calls/{call}/playPrompt": phone.play_prompt,
    "POST /communications/calls/{call}/subscribeToTone": phone.subscribe_to_tone,
    "DELETE /communications/calls/{call}": phone.put_down,
}


def graph_app(world: World, changed: Callable[[], None] = lambda: None) -> web.Application:
    """Serve a world under `/v1.0`, its token endpoint and its pages. What Stafett does not ask is not answered.

    `changed` is called when somebody has done something on a page.
    """
    app = web.Application(client_max_size=1024 * 1024)
    gate = Gate(world)
    for call in CALLS:
        handler = gate.guard(call, _ANSWERS[call.name])
        for path in _spellings(call.path):
            app.router.add_route(call.method, f"{VERSION}{path}", handler)
    app.router.add_route("*", f"{VERSION}/{{rest:.*}}", _unknown(world))
    add_tokens(app, world)
    Pages(world, changed).add_to(app)
    app.on_cleanup.append(lambda _app: world.calls.close())
    return app


def _unknown(world: World) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """A call that is not on the list of permissions: nobody has been asked whether Stafett may make it."""

    async def answer(request: web.Request) -> web.StreamResponse:
        world.unknown.append(f"{request.method} {request.path}")
        refusal = Refusal(404, "ResourceNotFound", "This Graph plays only the calls that Stafett is known to make.")
        return web.json_response(refusal.body, status=refusal.status)

    return answer


def _spellings(path: str) -> tuple[str, ...]:
    """The SDK writes a function with its brackets."""
    return (path, f"{path}()") if path.endswith("/delta") else (path,)


async def serve(
    world: World, port: int = 0, *, changed: Callable[[], None] = lambda: None, ssl_context: SSLContext | None = None
) -> tuple[web.AppRunner, str]:
    """Serve a world on this machine: the runner to clean up, and the address. Raises: OSError when a port is taken."""
    runner = web.AppRunner(graph_app(world, changed), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, _HOST, port, ssl_context=ssl_context).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, f"{'https' if ssl_context else 'http'}://{_HOST}:{runner.addresses[0][1]}"
