"""Isolation: nobody reads nor changes what is another's. This folder mirrors no room: it goes through all of them.

`canaries` are values that name whose they are, `world` puts them in every table, `audiences` says who may know what, `routes` who
enters where, `crawling` sends the requests and judges the answers. `docs/dev/isolation.md` tells what a new table or a new
address must bring.
"""
