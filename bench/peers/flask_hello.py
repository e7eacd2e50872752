"""Flask's hello behind apig-wsgi."""

from apig_wsgi import make_lambda_handler
from flask import Flask

application = Flask(__name__)


@application.get("/api/inbox")
def hello() -> dict[str, str]:
    return {"hello": "world"}


handler = make_lambda_handler(application, binary_support=True)
