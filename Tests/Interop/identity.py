"""Tokens of Microsoft Entra ID: a stand-in for those who issue them takes requests of the official azure-identity and of
`eventhubs` alike; the requests are compared field by field, assertions are verified, and the emulator takes the tokens.

`python identity.py --eventhubs PATH`; `Tests/Interop/run` sets everything up.
"""

import argparse
import base64
import http.server
import json
import os
import pathlib
import ssl
import sys
import threading
import time
import urllib.parse

import jwt
import msal
from azure.eventhub import EventData, EventHubProducerClient, TransportType
from azure.identity import ClientSecretCredential, ManagedIdentityCredential, WorkloadIdentityCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from processes import LOGS, Failure, Stage

CERTIFICATES = pathlib.Path(__file__).resolve().parents[2] / "Fixtures/Certificates"
AUTHORITY = CERTIFICATES / "ca.pem"
APP = CERTIFICATES / "app.pem"
TENANT = "aaaabbbb-0000-cccc-1111-dddd2222eeee"
CLIENT = "97e0a5b7-d745-40b6-94fe-5f77d35c6e05"
SECRET = "s3cr~t&+= /value"
KEY = "the interop run's key for bearer tokens"
ISSUER = "https://sts.example.test/"
HUB = "identity"
SCOPE = "https://eventhubs.azure.net/.default"


class Issuer(http.server.BaseHTTPRequestHandler):
    """The token endpoint of version 2.0, the metadata service, and the token service of App Service."""

    protocol_version = "HTTP/1.1"
    requests = []
    refuses = False

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query, strict_parsing=True)) if url.query else {}
        base = f"{Issuer.official}/{TENANT}"
        if url.path.endswith("/.well-known/openid-configuration"):
            return self.answer(200, {
                "token_endpoint": f"{base}/oauth2/v2.0/token", "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "issuer": f"{base}/v2.0",
            })
        if url.path == "/metadata/identity/oauth2/token" and self.headers.get("Metadata") != "true":
            return self.answer(400, {"error": "bad_request_102"})
        # The official client sends the header of the one to the other as well.
        self.record(url.path, query, ["X-IDENTITY-HEADER"] if url.path == "/MSI/token" else ["Metadata"])
        token, expiry = self.token(query["resource"])
        self.answer(200, {
            "access_token": token, "expires_in": "3600", "expires_on": str(expiry), "resource": query["resource"],
            "token_type": "Bearer", "client_id": CLIENT,
        })

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = dict(urllib.parse.parse_qsl(body, strict_parsing=True))
        self.record(self.path, form, ["Content-Type"])
        if Issuer.refuses:
            return self.answer(401, {
                "error": "invalid_client", "error_codes": [7000215],
                "error_description": f"AADSTS7000215: Invalid client secret provided: {form.get('client_secret')}.\r\nTrace ID: 1",
            })
        token, _ = self.token(form["scope"].removesuffix("/.default"))
        self.answer(200, {"token_type": "Bearer", "expires_in": 3600, "access_token": token})

    def record(self, path, fields, headers):
        present = {name: self.headers[name] for name in headers if self.headers[name] is not None}
        Issuer.requests.append({"method": self.command, "path": path, "headers": present, "fields": fields})

    @staticmethod
    def token(audience):
        expiry = int(time.time()) + 3600
        return jwt.encode({"iss": ISSUER, "aud": audience, "exp": expiry}, KEY, algorithm="HS256"), expiry

    def answer(self, status, content):
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


class Certificate:
    """MSAL, which azure-identity is made of: given the certificate it signs as Microsoft's article says, PS256 and a SHA-256
    thumbprint; azure-identity still gives it a SHA-1 thumbprint, which means RS256."""

    def get_token(self, scope):
        pem = APP.read_text()
        start = pem.index("-----BEGIN CERTIFICATE")
        application = msal.ConfidentialClientApplication(
            CLIENT, authority=f"{Issuer.official}/{TENANT}", instance_discovery=False, verify=str(AUTHORITY),
            client_credential={"private_key": pem[:start], "public_certificate": pem[start:]},
        )
        result = application.acquire_token_for_client([scope])
        if "access_token" not in result:
            raise Failure(f"the official client with a certificate: {result}")


def serve(tls):
    """The token endpoint is asked over TLS; the services that only a machine or an app can reach, without."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server-key.pem")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"{'https' if tls else 'http'}://localhost:{server.server_address[1]}"


def compare(name, official, ours):
    """Our request has what the official one has, and nothing else; what the official client adds for itself is listed."""
    own_words = {"client_info"}
    for part in ("method", "path", "headers"):
        if official[part] != ours[part]:
            raise Failure(f"{name}: {part}: official {official[part]!r}, ours {ours[part]!r}")
    expected, actual = dict(official["fields"]), dict(ours["fields"])
    extra = sorted(expected.keys() & own_words)
    for field in extra:
        del expected[field]
    if name == "certificate":
        assertions = expected.pop("client_assertion", ""), actual.pop("client_assertion", "")
        url = Issuer.official + official["path"]
        compare_assertions(*(read_assertion(assertion, url) for assertion in assertions))
    if expected != actual:
        raise Failure(f"{name}: official {expected!r}, ours {actual!r}")
    print(f"  ok     {name}: {ours['method']} {ours['path']}: {', '.join(sorted(ours['fields']))}"
          + (f" (official also: {', '.join(extra)})" if extra else ""))


def read_assertion(text, url):
    """Header and claims, after the signature was verified with the certificate."""
    if not text:
        raise Failure(f"there is no assertion for {url}")
    certificate = x509.load_pem_x509_certificate(APP.read_bytes())
    header = jwt.get_unverified_header(text)
    claims = jwt.decode(
        text, certificate.public_key(), algorithms=["PS256"], audience=url,
        options={"require": ["aud", "exp", "iss", "jti", "iat", "sub"]}, issuer=CLIENT, leeway=5,
    )
    thumbprint = base64.urlsafe_b64encode(certificate.fingerprint(hashes.SHA256())).decode().rstrip("=")
    if header.get("x5t#S256", "").rstrip("=") != thumbprint:
        raise Failure(f"the thumbprint is {header.get('x5t#S256')!r}, not {thumbprint!r}")
    return header, claims


def compare_assertions(official, ours):
    (official_header, official_claims), (header, claims) = official, ours
    if header.keys() != {"alg", "typ", "x5t#S256"} or not header.keys() <= official_header.keys():
        raise Failure(f"headers of the assertions: official {official_header}, ours {header}")
    for name in ("alg", "typ"):
        if header[name] != official_header[name]:
            raise Failure(f"{name}: official {official_header[name]}, ours {header[name]}")
    if not official_claims.keys() <= claims.keys() or claims.keys() - official_claims.keys() - {"nbf"}:
        raise Failure(f"claims of the assertions: official {sorted(official_claims)}, ours {sorted(claims)}")
    for name in ("iss", "sub"):
        if claims[name] != official_claims[name]:
            raise Failure(f"{name}: official {official_claims[name]}, ours {claims[name]}")
    lives = [round(each["exp"] - each["iat"]) for each in (official_claims, claims)]
    if lives[0] != lives[1] or official_claims["jti"] == claims["jti"]:
        raise Failure(f"lives {lives}, numbers {official_claims['jti']}, {claims['jti']}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eventhubs", required=True, help="the built command line")
    options = parser.parse_args()
    Issuer.official, Issuer.plain = serve(tls=True), serve(tls=False)
    os.environ["REQUESTS_CA_BUNDLE"] = str(AUTHORITY)
    federated = LOGS / "federated-token"
    LOGS.mkdir(parents=True, exist_ok=True)
    federated.write_text(jwt.encode({"sub": "system:serviceaccount:ns:app"}, KEY, algorithm="HS256"))
    common = {"authority": Issuer.official, "disable_instance_discovery": True, "connection_verify": str(AUTHORITY)}
    app = {"AZURE_TENANT_ID": TENANT, "AZURE_CLIENT_ID": CLIENT, "AZURE_AUTHORITY_HOST": Issuer.official}
    managed = {"IDENTITY_ENDPOINT": f"{Issuer.plain}/MSI/token", "IDENTITY_HEADER": "853b9a84-5bfa-4b22-a3f3"}
    metadata = {"AZURE_POD_IDENTITY_AUTHORITY_HOST": Issuer.plain}
    kinds = [
        ("secret", {**app, "AZURE_CLIENT_SECRET": SECRET}, lambda: ClientSecretCredential(TENANT, CLIENT, SECRET, **common)),
        ("certificate", {**app, "AZURE_CLIENT_CERTIFICATE_PATH": str(APP)},
         Certificate),
        ("workload identity", {**app, "AZURE_FEDERATED_TOKEN_FILE": str(federated)},
         lambda: WorkloadIdentityCredential(tenant_id=TENANT, client_id=CLIENT, token_file_path=str(federated), **common)),
        ("app service", managed, lambda: ManagedIdentityCredential(connection_verify=str(AUTHORITY))),
        ("metadata service", {**metadata, "AZURE_CLIENT_ID": CLIENT},
         lambda: ManagedIdentityCredential(client_id=CLIENT, connection_verify=str(AUTHORITY))),
    ]
    passed, failed = 0, 0
    with Stage("identity") as stage:
        emulator = stage.start("emulator", [
            options.eventhubs, "emulator", "--port", "0", "--http-port", "0", "--hub", f"{HUB}:1", "--token-key", KEY,
            "--tls-cert", CERTIFICATES / "server.pem", "--tls-key", CERTIFICATES / "server-key.pem",
        ])
        port = emulator.wait_for_line(r"ready amqp=127\.0\.0\.1:(\d+)", 30).group(1)
        namespace = f"localhost:{port}"
        trust = {"SSL_CERT_FILE": str(AUTHORITY)}
        document = LOGS / "identity" / "event"
        document.write_text("an event\n")
        for name, variables, official in kinds:
            try:
                # Where the official client looks for a managed identity: nobody else may see it.
                for variable in {**managed, **metadata}:
                    os.environ.pop(variable, None)
                os.environ.update({key: value for key, value in variables.items() if key in {**managed, **metadata}})
                Issuer.requests.clear()
                official().get_token(SCOPE)
                requests = list(Issuer.requests)
                Issuer.requests.clear()
                sender = stage.start(
                    f"send-{name.replace(' ', '-')}",
                    [options.eventhubs, "send", "--namespace", namespace, "--hub", HUB, document], {**trust, **variables},
                )
                sender.finish(60, expected=0)
                if len(requests) != 1 or len(Issuer.requests) != 1:
                    raise Failure(f"{name}: {len(requests)} official requests, {len(Issuer.requests)} of ours: one is enough")
                compare(name, requests[0], Issuer.requests[0])
                passed += 1
            except Failure as failure:
                failed += 1
                print(f"  FAILED {failure}")
        for check in (official_sender, receives, refusal):
            try:
                check(stage, options.eventhubs, namespace, {**trust, **app, "AZURE_CLIENT_SECRET": SECRET}, common, len(kinds))
                passed += 1
            except Failure as failure:
                failed += 1
                print(f"  FAILED {failure}")
    print(f"\n{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


def official_sender(stage, eventhubs, namespace, variables, common, sent):
    """The emulator takes the token of the official client as well."""
    producer = EventHubProducerClient(
        fully_qualified_namespace="localhost", eventhub_name=HUB, custom_endpoint_address=f"sb://{namespace}",
        transport_type=TransportType.Amqp,
        credential=ClientSecretCredential(TENANT, CLIENT, SECRET, **common), connection_verify=str(AUTHORITY), retry_total=0,
    )
    try:
        with producer:
            producer.send_batch([EventData("an event")], timeout=30)
    except Exception as error:
        raise Failure(f"the official client with a token: {error}") from error
    print("  ok     the official client sends with a token")


def receives(stage, eventhubs, namespace, variables, common, sent):
    """What was sent with tokens is there, and is read with one."""
    count = sent + 1
    receiver = stage.start("receive", [
        eventhubs, "receive", "--namespace", namespace, "--hub", HUB, "--from", "earliest", "--count", str(count),
    ], variables)
    receiver.finish(60, expected=0)
    lines = [line.strip() for line in receiver.lines()]
    if len(lines) != count or not all("an event" in line for line in lines):
        raise receiver.failure(f"read {lines!r}")
    print(f"  ok     {count} events received with a token")


def refusal(stage, eventhubs, namespace, variables, common, sent):
    """A refused secret: exit code 1, what to do, and no secret."""
    Issuer.refuses = True
    receiver = stage.start("refused", [
        eventhubs, "receive", "--namespace", namespace, "--hub", HUB, "--count", "1", "--log-level", "trace",
    ], variables)
    receiver.finish(60, expected=1)
    text = receiver.errors.read_text() + receiver.output.read_text()
    if "AADSTS7000215" not in text or "give the secret's value, not its ID" not in text:
        raise receiver.failure("does not say what is wrong")
    if SECRET in text or urllib.parse.quote(SECRET, safe="") in text:
        raise receiver.failure("prints the secret")
    print(f"  ok     a refused secret: {text.strip().splitlines()[-1][:160]}")


if __name__ == "__main__":
    main()
