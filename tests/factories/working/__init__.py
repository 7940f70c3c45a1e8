"""An application with one kind of long run, to follow, stop and kill: it is installed by `factories.working.settings`."""
