"""FastAPI's hello behind Mangum."""

from fastapi import FastAPI
from mangum import Mangum

application = FastAPI()


@application.get("/api/inbox")
def hello() -> dict[str, str]:
    return {"hello": "world"}


handler = Mangum(application, lifespan="off")
