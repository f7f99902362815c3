"""All settings, for every place Afterglow runs. Differences come from the environment only."""

from pathlib import Path
from typing import Any

from afterglow.site import env
from afterglow.site.database import settings_from

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DATA_DIR = Path(env.text("AFTERGLOW_DATA_DIR", str(ROOT / "var")))
NODE_MODULES = Path(env.text("AFTERGLOW_NODE_MODULES", str(ROOT / "node_modules")))

DEBUG = env.flag("AFTERGLOW_DEBUG", default=False)
# A demonstration accepts simulated monitors and one-time sign-in links. A clinic must not.
DEMO = env.flag("AFTERGLOW_DEMO", default=False)
SECRET_KEY = "only-for-debug" if DEBUG else env.secret("AFTERGLOW_SECRET_KEY")
ALLOWED_HOSTS = env.text("AFTERGLOW_HOSTS", "localhost,127.0.0.1").split(",")
# Over plain http only on the machine itself, as in a demonstration.
HTTPS = env.flag("AFTERGLOW_HTTPS", default=not (DEBUG or DEMO))
CRISIS_CONTACT = env.text("AFTERGLOW_CRISIS_CONTACT", "")  # shown to patients, never invented
CLINIC_PHONE = env.text("AFTERGLOW_CLINIC_PHONE", "")
CLINIC_NAME = env.text("AFTERGLOW_CLINIC_NAME", "Afterglow clinic")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    # The ground: facts that every step reads.
    "afterglow.clinic.record",
    "afterglow.clinic.people",
    "afterglow.clinic.chart",
    "afterglow.clinic.releases",
    # The steps of care, in order. A later app may import an earlier one, never back.
    "afterglow.clinic.screening",
    "afterglow.clinic.planning",
    "afterglow.clinic.preparation",
    "afterglow.clinic.treatment",
    "afterglow.clinic.discharge",
    "afterglow.clinic.followup",
    # What patients see, and the parts every page is made of.
    "afterglow.portal",
    "afterglow.site",
]

DATABASES = {"default": settings_from(env.text("DATABASE_URL"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"

ROOT_URLCONF = "afterglow.site.urls"
ASGI_APPLICATION = "afterglow.site.asgi.application"
USE_TZ = True
TIME_ZONE = "UTC"  # stored and computed in UTC; shown in the clinic's zone
CLINIC_TIME_ZONE = env.text("AFTERGLOW_TIME_ZONE", "UTC")
LANGUAGE_CODE = "en-gb"
USE_I18N = True
FORMAT_MODULE_PATH = ["afterglow.site.formats"]

STATIC_URL = "static/"
STATICFILES_DIRS: list[Any] = [
    ("uplot", NODE_MODULES / "uplot" / "dist"),
    ("pico", NODE_MODULES / "@picocss" / "pico" / "css"),
]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
# Files are found where they lie: no collecting step that a restart could forget.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "afterglow.clinic.people.middleware.ClinicTimeZone",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "afterglow.site.context.page",
            ],
        },
    }
]

# Signing in: a password and a second factor, and a lock after repeated failures.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "afterglow.clinic.people.adapter.ClosedDoor"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # a shared desk forgets when its browser is closed
ACCOUNT_RATE_LIMITS = {"login_failed": False}  # axes locks instead, and says so
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = CLINIC_NAME
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_RESET_ON_SUCCESS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
SESSION_COOKIE_AGE = 12 * 60 * 60  # one long shift
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],  # the second factor's square
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

# One line a request is written by the site itself; never patient data.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("AFTERGLOW_LOG_LEVEL", "WARNING")},
}
