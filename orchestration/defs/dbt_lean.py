"""What dbt does again and again for every node, done once: a build of 490 small nodes spends most of its time in this, not in their SQL.

Here: the parts of dbt-core that are replaced while it works for us, each with what it costs and why the result is the same. Not here: how
dbt is called (dbt_runs). dbt-core is pinned; `tests/unit/road/test_dbt_lean.py` fails where another release works otherwise.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any

INTERNAL = "dbt"  # the package under whose name dbt's own macros are found
HEARD = frozenset({"NodeFinished"})  # the events that `dbt_runs` listens to


@contextlib.contextmanager
def lean() -> Iterator[None]:
    """dbt as it is, but for work whose outcome nobody sees; everything is as before when the block ends."""
    import dbt_common.clients.agate_helper as results
    from dbt.context.base import Var
    from dbt.context.manifest import ManifestContext
    from dbt_common.events import event_manager_client
    from dbt_common.events.base_types import BaseEvent

    manager = event_manager_client.get_event_manager()
    build_namespace, to_dict = _namespaces(ManifestContext._build_namespace, ManifestContext.to_dict)
    with contextlib.ExitStack() as before:
        for place, name, instead in (
            (ManifestContext, "_build_namespace", build_namespace),
            (ManifestContext, "to_dict", to_dict),
            (Var, "get_rendered_var", _settings_of(Var.get_rendered_var)),
            (BaseEvent, "__init__", _note_event),
            (BaseEvent, "__getattr__", _events_on_demand(BaseEvent.__init__, BaseEvent.__getattr__)),
            (results, "build_type_tester", _type_testers(results.build_type_tester)),
        ):
            before.callback(setattr, place, name, getattr(place, name))
            setattr(place, name, instead)
        before.callback(event_manager_client.ctx_set_event_manager, manager)
        event_manager_client.ctx_set_event_manager(_quiet_manager())
        yield


class Lazy(dict):  # type: ignore[type-arg]
    """A dictionary that also has the `names`, whose values `make` gives when they are looked up; what is written to it comes first."""

    def __init__(self, names: Mapping[str, Any], make: Callable[[Any], Any]) -> None:
        super().__init__()
        self.names, self._make = names, make

    def __missing__(self, key: str) -> Any:
        value = self[key] = self._make(self.names[key])
        return value

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self.names

    def get(self, key: str, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default

    def __iter__(self) -> Iterator[str]:
        return iter([*super().__iter__(), *(name for name in self.names if not super(Lazy, self).__contains__(name))])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __bool__(self) -> bool:
        return bool(self.names) or super().__len__() > 0

    def keys(self) -> Any:
        return KeysView(self)

    def values(self) -> Any:
        return ValuesView(self)

    def items(self) -> Any:
        return ItemsView(self)

    def prefer_names(self) -> None:
        """Let the names come before what was written."""
        for name in [name for name in super().__iter__() if name in self.names]:
            del self[name]


class _Namespace:
    """Which macro a name means, for all models of a package: what dbt works out, without the callables that belong to one model."""

    def __init__(self, worked_out: Any) -> None:
        def macros(callables: Mapping[str, Any]) -> dict[str, Any]:
            return {name: each.macro for name, each in callables.items()}

        self.globals, self.locals = macros(worked_out.global_namespace), macros(worked_out.local_namespace)
        self.internal = macros(worked_out.global_project_namespace)
        self.packages = {package: macros(callables) for package, callables in worked_out.packages.items()}
        self.flat: dict[str, Any] = {}
        packages = {name: name for name in self.packages}
        for part in reversed([self.locals, self.globals, packages, {INTERNAL: INTERNAL}, self.internal]):
            self.flat.update(part)  # the first in which dbt searches wins; a text is the name of a package

    def bound(self, node: Any, stack: Any) -> tuple[Lazy, Any]:
        """The context of one model with all macros in it, and dbt's namespace over the same callables."""
        from dbt.clients.jinja import MacroGenerator
        from dbt.context.macros import MacroNamespace

        made: dict[int, MacroGenerator] = {}

        def callable_of(macro: Any) -> MacroGenerator:
            if id(macro) not in made:
                made[id(macro)] = MacroGenerator(macro, context, node, stack)
            return made[id(macro)]

        packages = {name: Lazy(macros, callable_of) for name, macros in self.packages.items()}
        internal = Lazy(self.internal, callable_of)
        by_name = {INTERNAL: internal, **packages}
        context = Lazy(self.flat, lambda found: by_name[found] if isinstance(found, str) else callable_of(found))
        return context, MacroNamespace(Lazy(self.globals, callable_of), Lazy(self.locals, callable_of), internal, packages)


def _namespaces(build: Callable[..., Any], fill: Callable[..., Any]) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """The macros a model may call: dbt sorts 770 of them anew for every model, twice, and makes a callable of each (3.5 ms).

    Which macro a name means is the same for all models of a package: dbt is asked once. A callable is made when its name is looked up.
    """
    known: dict[tuple[Any, ...], tuple[Any, _Namespace]] = {}

    def build_namespace(self: Any) -> Any:
        macros, builder = self.manifest.get_macros_by_package(), self._get_namespace_builder()
        asked = (id(macros), builder.root_package, builder.search_package, tuple(builder.internal_package_names_order))
        if asked not in known:  # the macros are kept beside what is known of them, so that no others get their id
            known[asked] = (macros, _Namespace(build(self)))
        self._ctx, namespace = known[asked][1].bound(builder.node, builder.thread_ctx)
        return namespace

    def to_dict(self: Any) -> dict[str, Any]:
        if not isinstance(self._ctx, Lazy):
            return fill(self)
        namespace, self.namespace = self.namespace, {}  # or dbt would write each of them into the context
        context = fill(self)
        self.namespace = namespace
        context.prefer_names()
        return context

    return build_namespace, to_dict


def _settings_of(render: Callable[..., Any]) -> Callable[..., Any]:
    """A text of `vars` is what it says unless it calls something; dbt copies the whole context, with every macro in it, before it looks."""

    def get_rendered_var(self: Any, var_name: str) -> Any:
        raw = self._merged[var_name]
        return raw if isinstance(raw, str) and not {"{", "}"} & set(raw) else render(self, var_name)

    return get_rendered_var


def _quiet_manager() -> Any:
    """Where events go: 14 a node, of which one is heard. Without a log each is still stamped, copied and shown to all (0.2 ms)."""
    from dbt_common.events.event_manager import EventManager

    class QuietManager(EventManager):
        def fire_event(self, e: Any, level: Any = None, node: Any = None, force_warn_or_error_handling: bool = False) -> None:
            if self.loggers or force_warn_or_error_handling or type(e).__name__ in HEARD:
                super().fire_event(e, level, node, force_warn_or_error_handling)

    return QuietManager()


def _note_event(self: Any, *args: Any, **said: Any) -> None:
    """An event is written as a message when somebody asks what it says (0.1 ms each), and hardly one is asked."""
    object.__setattr__(self, "_said", (args, said))


def _events_on_demand(write: Callable[..., None], attribute: Callable[..., Any]) -> Callable[..., Any]:
    def __getattr__(self: Any, key: str) -> Any:
        if key != "_said" and "pb_msg" not in self.__dict__:
            args, said = self._said
            write(self, *args, **said)
            if key == "pb_msg":
                return self.__dict__[key]
        return attribute(self, key)

    return __getattr__


def _type_testers(build: Callable[..., Any]) -> Callable[..., Any]:
    """What guesses the types of a result's columns: of its seven types, three compile words of dates into 30 patterns (1 ms a result)."""

    @functools.cache
    def of(text_columns: tuple[str, ...], nulls: tuple[str, ...] | None) -> Any:
        return build(text_columns, nulls)

    def build_type_tester(text_columns: Any, string_null_values: Any = ("null", "")) -> Any:
        return of(tuple(text_columns), None if string_null_values is None else tuple(string_null_values))

    return build_type_tester
