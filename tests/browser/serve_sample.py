"""Serves the sample page with a throw-away upload route: ``serve_sample.py PORT``.

The route answers as the real one does, and fails when it is told to.
"""

import io
import sys
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.ui.server import Site, build, run


RECEIVED: dict[str, dict[str, Any]] = {}
ORDERS: dict[str, Any] = {"status": 201, "images": "fine"}


async def put(request: Request) -> Response:
    body = await request.body()
    upload = str(request.path_params["upload"])
    entry = RECEIVED.setdefault(upload, {"times": 0, **dict(request.headers)})
    entry["times"] += 1
    if request.headers["x-upload-ticket"] != "good":
        return JSONResponse({}, 403)
    if ORDERS["status"] != 201:
        return JSONResponse({}, ORDERS["status"])
    if body[:2] != b"\xff\xd8":
        sentence = "This file is damaged. Choose another one."
        return JSONResponse({"sentence": sentence}, 422)
    entry["size"] = Image.open(io.BytesIO(body)).size
    width, height = entry["size"]
    advice = [] if width >= 800 else ["This picture is small. Move closer."]
    answer = {"image_id": upload, "width": width, "height": height, "advice": advice}
    return JSONResponse(answer, 201)


def drawing(width: int, height: int) -> bytes:
    picture = Image.new("RGB", (width, height), "#d9a58b")
    draw = ImageDraw.Draw(picture)
    for i in range(0, width, width // 16):
        draw.line([(i, 0), (i, height)], "#c98f74", 3)
    centre = (width * 0.4, height * 0.35, width * 0.62, height * 0.66)
    draw.ellipse(centre, "#5a3424", "#452619", 12)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


async def image(request: Request) -> Response:
    if "thumb" in request.query_params:
        return Response(drawing(192, 144), media_type="image/jpeg")
    broken = request.path_params["label"] == "Broken" and ORDERS["images"] != "mended"
    old = ORDERS["images"] == "stale" and request.query_params["mint"] == "0"
    if broken or old:
        return Response(status_code=403)
    close = request.path_params["label"] == "Close-up"
    size = (2400, 1800) if close else (1600, 1200)
    return Response(drawing(*size), media_type="image/jpeg")


async def received(_: Request) -> Response:
    return JSONResponse(RECEIVED)


async def orders(request: Request) -> Response:
    ORDERS.update(request.query_params)
    ORDERS["status"] = int(ORDERS["status"])
    RECEIVED.clear()
    return JSONResponse(ORDERS)


def serve(port: int) -> None:
    site = Site("sample", f"http://localhost:{port}", port)
    routes = [
        Route(site.path("api/captures/{upload:uuid}"), put, methods=["PUT"]),
        Route(site.path("api/images/{label}"), image),
        Route(site.path("api/received"), received),
        Route(site.path("api/orders"), orders),
    ]
    app = build(site, Path(__file__).with_name("sample.py"), auth=None, routes=routes)
    run(app, site)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
