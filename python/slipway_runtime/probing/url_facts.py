"""What the project's URLs say: where the admin is, which views are async, which routes are websockets."""
import asyncio
import importlib
import inspect
import re

_HEALTH = re.compile(r'^/(?:[\w-]+/)?_?(?:health|healthz|health[-_]?check|ht|ping|livez?|liveness|readyz?|readiness|status|up)/?$', re.IGNORECASE)
_MANY = 50


def facts():
    """Facts.urls. Raises what importing the project's URLs raises."""
    from django.urls import get_resolver

    leaves = list(_walk(get_resolver().url_patterns, ''))
    told = {'patterns': len(leaves), 'asyncViews': _async_views(leaves), 'websocketRoutes': []}
    admin = next((prefix for prefix, pattern, app in leaves if app == 'admin'), None)
    if admin is not None:
        told['admin'] = admin
    health = next((prefix for prefix, pattern, app in leaves if _HEALTH.match(prefix)), None)
    if health is not None:
        told['health'] = health
    return told


def websocket_routes(name):
    """The routes below 'websocket' of the ASGI application that `name` ("pkg.mod.attribute") names. Raises what importing it raises."""
    module, _, attribute = name.rpartition('.')
    application = getattr(importlib.import_module(module), attribute)
    for candidate in _unwrapped(application):
        mapping = getattr(candidate, 'application_mapping', None)
        if isinstance(mapping, dict) and 'websocket' in mapping:
            return _routes(mapping['websocket'])
    return []


def _walk(patterns, prefix, app=None):
    for pattern in patterns:
        path = prefix + _written(pattern)
        children = getattr(pattern, 'url_patterns', None)
        if children is None:
            yield _plain(prefix if app == 'admin' else path), pattern, app
        else:
            # The admin's own routes are told by where it hangs.
            inside = 'admin' if app == 'admin' or getattr(pattern, 'app_name', None) == 'admin' else None
            yield from _walk(children, prefix if app == 'admin' else path, inside)


def _written(pattern):
    described = getattr(pattern, 'pattern', None)
    if described is not None:
        return str(described)
    return pattern.regex.pattern  # Django 1.11


def _plain(path):
    # Regular expressions lose what only anchors them; what is left of one with groups is still good for reading.
    return '/' + re.sub(r'\\([./-])', r'\1', re.sub(r'\^|\$$|\\Z$', '', path)).lstrip('/')


def _async_views(leaves):
    names = []
    for prefix, pattern, app in leaves:
        view = getattr(pattern, 'callback', None)
        if view is not None and _is_async(view):
            named = _view_class(view) or view
            name = '%s.%s' % (getattr(named, '__module__', '?'), getattr(named, '__qualname__', type(named).__name__))
            if name not in names:
                names.append(name)
    return names[:_MANY]


def _is_async(view):
    kind = _view_class(view)
    if kind is not None:
        methods = [getattr(kind, method, None) for method in ('get', 'post', 'put', 'patch', 'delete', 'head')]
        return any(is_coroutine_function(method) for method in methods if method is not None)
    return is_coroutine_function(view)


def _view_class(view):
    # Django's class-based views, and those of Django REST framework.
    return getattr(view, 'view_class', None) or getattr(view, 'cls', None)


def is_coroutine_function(function):
    """True for `async def`, and for what is marked as such."""
    if hasattr(inspect, 'markcoroutinefunction'):  # Python 3.12
        return inspect.iscoroutinefunction(function)
    return asyncio.iscoroutinefunction(function)


def _unwrapped(application):
    # Middleware of Channels, and most of others, keeps what it wraps in one of these.
    seen = []
    while application is not None and application not in seen:
        seen.append(application)
        yield application
        application = next((value for value in (getattr(application, name, None) for name in ('inner', 'application', 'app')) if value), None)


def _routes(application):
    for candidate in _unwrapped(application):
        routes = getattr(candidate, 'routes', None)
        if routes is not None:
            found = []
            for route in routes:
                path = _plain(_written(route))
                nested = _routes(route.callback) if getattr(route, 'callback', None) is not None else []
                found.extend(path.rstrip('/') + inner for inner in nested if inner != '/*')
                if not nested or nested == ['/*']:
                    found.append(path)
            return found
    return ['/*']
