"""The handles that tests hold of the objects in one process, and what none holds."""

from weakref import WeakValueDictionary


class Held:
    """Handles by number: the same one as long as a test holds it."""

    def __init__(self):
        self._handles = WeakValueDictionary()
        self._forgotten = set()

    def handle(self, told, kind):
        """The handle of an object, which is of class `kind` for a test."""
        known = self._handles.get(told.number)
        if type(known) is not kind:
            known = self._handles[told.number] = kind(told)
            self._forgotten.discard(told.number)
        elif told.name:
            object.__setattr__(known, "__told__", told)
        return known

    def release(self, handle):
        """No test holds this object any more, unless by another handle."""
        number = handle.__told__.number
        holder = self._handles.get(number)
        if holder is None or holder is handle:
            self._forgotten.add(number)

    def forgotten(self):
        """The numbers of the objects that were released since this was asked."""
        forgotten, self._forgotten = self._forgotten, set()
        return sorted(forgotten)
