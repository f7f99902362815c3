"""`afterglow serve`: the site, on loopback unless told otherwise."""

from typing import Annotated

import typer


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Serve the site. Put a TLS proxy before it for anything but this machine."""
    import threading
    import warnings

    import uvicorn

    from afterglow.cli.setup import clinic
    from afterglow.core.warm import warm

    clinic()
    # WhiteNoise hands out files by a plain iterator; they are small, and read at once.
    warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")
    # The first dose a prescriber tries must not wait for the compiler.
    threading.Thread(target=warm, name="warm", daemon=True).start()
    uvicorn.run(
        "afterglow.site.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=3,  # an open stream would otherwise block stopping
    )
