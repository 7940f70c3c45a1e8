"""Random conventions of the tariff language: every block, every shape of line, with what their tables need to know."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from tariff.generated_formulas import MEMBER, MODES, NOWHERE, OFFER, UNITS, Axes, Formulas, Known, World, row

PRORATA = ("aucun", "en mois commencés", "en mois entiers", "en jours", "en jours sur 360")
AT_EFFECT = ("lu à la date d’effet", "lu à la décision")
POPULATIONS = ("totale", "municipale", "dgf")
MEMBERS = frozenset({MEMBER})


@dataclass(frozen=True)
class Fact:
    """What a table of facts must give for a fact."""

    name: str
    kind: str  # number, money, yes, choice, date
    of_service: bool = False
    offers: tuple[str, ...] = ()
    reading: str = ""
    population: str = ""
    yearly: bool = False
    default: bool = False


@dataclass
class Rules:
    """A convention as text, and what was put in it."""

    text: str = ""
    facts: list[Fact] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    steps: dict[str, str] = field(default_factory=dict)
    lines: dict[str, bool] = field(default_factory=dict)  # whether it has an amount by offer
    kinds: dict[str, str] = field(default_factory=dict)
    group: list[str] = field(default_factory=list)
    registers: dict[str, str] = field(default_factory=dict)
    year: int = 2024
    first: date = date(2024, 1, 1)
    label: str = "2024"
    magnitude: int = 6
    features: set[str] = field(default_factory=set)


class Forge:
    """Makes one convention; `plain` leaves out what stops most members (refusals, composition), so that more is computed."""

    def __init__(self, rng: random.Random, *, plain: bool = False) -> None:
        self.rng = rng
        self.plain = plain
        self.world = World()
        self.rules = Rules(magnitude=14 if rng.random() < 0.12 else 6)
        self.blocks: list[str] = []
        start = rng.choice(
            ((1, 1, "1er janvier au 31 décembre"),) * 4 + ((1, 7, "1er juillet au 30 juin"), (1, 3, "1er mars au 28 février"))
        )
        self.fiscal = start[2]
        self.rules.first = date(2024, start[1], start[0])
        self.rules.label = "2024" if start[1] == 1 else "2024-2025"
        self.formulas = Formulas(rng, self.world, magnitude=self.rules.magnitude, years=(2024, self.rules.label))
        self.count = 0

    # ------------------------------------------------------------ pieces

    def often(self, chance: float) -> bool:
        return self.rng.random() < chance

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}_{self.count}"

    def put(self, head: str, *clauses: str) -> None:
        self.blocks.append(
            "\n".join([f"{head}   article {self.rng.randint(1, 3)}", *(f"    {clause}" for clause in clauses if clause)])
        )

    def mark(self, feature: str, text: str = "") -> str:
        self.world.features.add(feature)
        return text

    def know(self, name: str, unit: str, axes: Axes = NOWHERE, **more: object) -> None:
        self.world.known.append(Known(name, unit, axes, **more))

    def rounding(self, *, stages: tuple[str, ...] = ("au centime", "à l’euro", "à 0,05 €")) -> str:
        return f"{self.rng.choice(stages)} {self.rng.choice(MODES)}"

    def header(self) -> None:
        rng = self.rng
        method = rng.choice(("au plus fort puis par siren",) * 3 + ("au plus fort puis par nom", "au plus fort puis par poids puis par siren",
                             "au gestionnaire", "au plus gros poids puis par siren"))  # fmt: skip
        version = rng.choice(("01/01/2020",) * 6 + ("01/01/2024", "01/04/2024", "01/01/2025", "01/01/2020 au 31/12/2023"))
        tax = rng.choice(
            ("hors taxe", "hors champ", "toutes taxes comprises", "de 20 % sur chaque ligne", "de 5,5 % sur le total")
        )
        self.mark(f"restes {method}")
        self.mark(f"taxe {tax}")
        self.blocks.append("\n".join([
            'convention "Essai"', '    gestionnaire "Le syndicat"', f'    version "1" du {version}', f"    exercice du {self.fiscal}",
            f"    arrondi {self.rounding(stages=('au centime',) * 3 + ('à l’euro', 'à 0,05 €'))}",
            *([f"    total arrondi {self.rounding()}"] if self.often(0.2) else []),
            f"    restes {method}", f"    prorata {rng.choice(('aucun',) * 3 + PRORATA)}", f"    taxe {tax}",
        ]))  # fmt: skip
        self.blocks.append(
            'article 1 "Un"\n    « les mots du texte »\narticle 2 "Deux"\narticle 3 "Trois"\n\n'
            'unité poste "poste de travail"\nunité demi-journée = 0,5 jour'
        )

    def interpretations(self) -> None:
        for number in range(1, self.rng.randint(1, 3)):
            name = f"AMB-0{number}"
            readings = ["premier", "second"]
            if self.often(0.07):
                lines = [
                    f'à trancher "rien ne le dit"   {self.mark("à trancher")}'.rstrip(),
                    "possible premier",
                    "possible second",
                ]
            else:
                lines = ["retenu premier", "possible second"]
            self.put(f'interprétation {name} "Laquelle ?"', *lines)
            self.world.readings[name] = tuple(readings)

    def reading_of(self, feature: str, words: tuple[str, ...]) -> str:
        """Declare an interpretation whose readings are closed words, and return « selon » it."""
        self.count += 1
        name = f"AMB-{100 + self.count}"
        kept, *others = self.rng.sample(words, min(len(words), 2))
        settled = f"retenu {kept}" if self.often(0.9) else 'à trancher "rien ne le dit"'
        self.put(
            f'interprétation {name} "Laquelle ?"',
            settled,
            *(f"possible {w}" for w in (others if settled.startswith("retenu") else [kept, *others])),
        )
        return self.mark(f"{feature} selon", f"selon {name}")

    def offers(self) -> None:
        rng = self.rng
        one_of = not self.plain and self.often(0.15)
        self.put('offre groupe "Le groupe"', self.mark("un seul choix", "un seul choix") if one_of else "")
        self.world.group = [f"g{i}" for i in range(1, rng.randint(2, 4))]
        for name in self.world.group:
            self.put(f'offre {name} "{name}" dans groupe')
        singles = ["a", "b", "c"][: rng.randint(1, 3)]
        for i, name in enumerate(singles):
            clauses = []
            if self.often(0.15):
                clauses.append(self.mark("toujours tenue", "toujours tenue"))
            if i and self.often(0.25):
                clauses.append(self.mark("comprend", f"comprend {singles[i - 1]}"))
            elif i and not self.plain and self.often(0.2):
                clauses.append(self.mark("composition", rng.choice((f"exige {singles[i - 1]}", f"exclut {singles[i - 1]}"))))
            if not self.plain and self.often(0.1):
                clauses.append(
                    self.mark(
                        "offre datée",
                        rng.choice(("fermée le 15/10/2024", "ouverte le 01/03/2024", "fermée le 01/01/2024", "annoncée")),
                    )
                )
            if not self.plain and self.often(0.15):
                clauses.append("réservée si oui_1")
            if self.often(0.5):
                clauses.append(f'étape_{name} : date "étape"')
                self.world.steps.append((name, f"étape_{name}"))
                self.rules.steps[name] = f"étape_{name}"
            self.put(f'offre {name} "{name}"', *clauses)
            self.world.steps += [(name, "effet_le"), (name, rng.choice(("décidée_le", "fin_le", "signée_le")))]
        self.world.offers = [*singles, *self.world.group]
        self.rules.offers = list(self.world.offers)
        self.rules.group = list(self.world.group)

    # ------------------------------------------------------------ facts, registers, prices

    def facts(self) -> None:
        rng = self.rng
        for unit in rng.sample(UNITS, rng.randint(1, 3)):
            for _ in range(rng.randint(1, 2)):
                self.fact("number", unit, of_service=self.often(0.15), by_offer=self.often(0.12))
        for _ in range(rng.randint(1, 3)):
            self.fact("money", "€", of_service=self.often(0.6), by_offer=self.often(0.3))
        self.fact("yes", "", name="oui_1")
        if self.often(0.5):
            self.fact("choice", "", of_service=self.often(0.2))
        if self.often(0.4):
            self.fact("date", "")
        if self.often(0.6):
            self.history()
        if self.often(0.2):
            self.fact("section", "", name="budget")
        found = [f.name for f in self.rules.facts if f.kind in ("number", "money") and not (f.of_service or f.yearly or f.offers)]
        if found and self.often(0.2):
            self.put("fait clef_du_service : clé parmi " + " ou ".join(found[:2]), "du service")
            self.rules.facts.append(Fact("clef_du_service", f"key {found[0]}", of_service=True))
            self.world.key_fields.append(Known("clef_du_service", "", kind="key", names=tuple(found[:2])))

    def fact(self, kind: str, unit: str, *, of_service: bool = False, by_offer: bool = False, name: str = "") -> None:
        rng = self.rng
        name = name or self.name("fait")
        reading = rng.choice(("",) * 5 + ("lu au 1er janvier de N", "lu en N", "lu en N-1", "lu à la fin de l’exercice", "lu au 01/01/2021",
                              "lu en moyenne sur N", "lu au maximum sur N-1", "lu à la date de l’événement", "lu à la date d’effet",
                              "lu à la décision", "dernier publié au 1er décembre de N", "valable jusqu’au suivant", "figé"))  # fmt: skip
        if kind not in ("number", "money") and ("moyenne" in reading or "maximum" in reading):
            reading = ""
        self.mark(f"fait {reading or 'lu au premier jour'}")
        clauses, population, default = [], "", False
        if unit == "hab":
            population = rng.choice(POPULATIONS)
            clauses.append(f"population {self.reading_of('population', POPULATIONS[:1]) if self.often(0.1) else population}")
            population = "totale" if "selon" in clauses[-1] else population
        if of_service:
            clauses.append("du service")
        if by_offer:
            clauses.append("pour chaque offre dans groupe")
        if reading:
            clauses.append(reading)
        if kind in ("yes", "choice") and self.often(0.3):
            default = True
            clauses.append(self.mark("fait à défaut", f"à défaut {'oui' if kind == 'yes' else 'rouge'}"))
        if unit == "jour" and self.often(0.3):
            unit = self.mark("unit converted", "demi-journée")
        kinds = {
            "number": unit,
            "money": "€",
            "yes": "oui ou non",
            "choice": "parmi rouge ou vert ou bleu",
            "date": "date",
            "section": "section",
        }
        self.put(f'fait {name} : {kinds[kind]} "{name}"', ", ".join(clauses))
        offers = tuple(self.world.group) if by_offer else ()
        self.rules.facts.append(Fact(name, kind, of_service, offers, reading, population, default=default))
        axes = (NOWHERE if of_service and reading not in AT_EFFECT else MEMBERS) | ({OFFER} if by_offer else NOWHERE)
        known = kind if kind in ("yes", "choice", "date", "section") else "number"
        unit = "jour" if unit == "demi-journée" else unit
        self.know(name, unit, frozenset(axes), kind=known, names=("rouge", "vert", "bleu") if kind == "choice" else (), fact=True)

    def history(self) -> None:
        name = self.name("passé")
        of_service = self.often(0.15)
        self.put(f'fait {name} : € "{name}"', "de chaque exercice", "du service" if of_service else "")
        self.rules.facts.append(Fact(name, "money", of_service, yearly=True))
        self.know(name, "€", NOWHERE if of_service else MEMBERS, yearly=True)

    def registers(self) -> None:
        if self.often(0.6):
            self.register("passage_2", "member")
        if self.often(0.6):
            self.register("achat_2", "service")

    def register(self, name: str, kind: str) -> None:
        self.mark(f"registre of the {kind}")
        rng = self.rng
        clauses = [
            f"du {'membre' if kind == 'member' else 'service'}", "fait_le : date, fait foi",
            "quantité : poste" + rng.choice(("", self.mark("field rounded", ", arrondi à 5 postes supérieur"), self.mark("field optional", ", facultatif"))),
            "montant : €", "durée : jour" + rng.choice(("", "", ", arrondi à 0,5 jour supérieur")),
            "validé : oui ou non" + rng.choice(("", ", à défaut non")), "genre : parmi rouge ou vert", "imputation : section",
            "échu_le : date, facultatif",
        ]  # fmt: skip
        axes = frozenset({row(name), *(MEMBERS if kind == "member" else ())})
        for field_name, unit in (("quantité", "poste"), ("montant", "€"), ("durée", "jour")):
            self.know(f"{name}.{field_name}", unit, axes)
        self.know(f"{name}.validé", "", axes, kind="yes")
        self.know(f"{name}.genre", "", axes, kind="choice", names=("rouge", "vert"))
        self.know(f"{name}.échu_le", "", axes, kind="date")
        if kind == "service":
            clauses += ["poids : poste, par membre"]
            self.know(f"{name}.poids", "poste", axes | MEMBERS)
            drivers = [
                f.name for f in self.rules.facts if f.kind in ("number", "money") and not (f.of_service or f.yearly or f.offers)
            ]
            if drivers:
                clauses += [f"clef : clé parmi {' ou '.join(drivers[:3])}"]
                self.world.key_fields.append(Known(f"{name}.clef", "", axes, kind="key", names=tuple(drivers[:3])))
        self.put(f'registre {name} "{name}"', *clauses)
        self.world.registers[name] = kind

    def parameters(self) -> None:
        rng = self.rng
        units = ["€", "nombre", *(f"€/{u}" for u in UNITS)]
        for unit in rng.sample(units, rng.randint(2, 4)):
            self.parameter(unit)

    def parameter(self, unit: str) -> None:
        rng, reading = self.rng, ""
        name = self.name("prix")
        if self.often(0.06):
            self.put(f'paramètre {name} : {unit} "{name}"', self.mark("à fournir", 'à fournir "plus tard"'))
        else:
            shown = "" if unit == "nombre" else f" {unit}"
            figures = [self.formulas.figure() + shown for _ in range(3)]
            values = rng.choice((
                [figures[0]], [f"{figures[0]} depuis le 01/01/2020"], [f"{figures[0]} depuis le 01/01/2020", f'{figures[1]} depuis le 01/06/2024 par "acte"'],
                [f"{figures[0]} depuis le 01/01/2020 jusqu’au 31/12/2023", f"{figures[1]} depuis le 02/01/2024", f"{figures[2]} depuis le 01/09/2024"],
            ))  # fmt: skip
            reading = rng.choice(("",) * 4 + ("lu à la date de l’événement", "lu à la date d’effet", "lu à la fin de l’exercice"))
            self.mark(f"prix {reading}")
            self.put(f'paramètre {name} : {unit} "{name}"', reading, *values)
        self.know(name, unit, MEMBERS if reading in AT_EFFECT else NOWHERE)

    # ------------------------------------------------------------ scales, keys, quantities

    def cell(self, unit: str) -> str:
        kind = self.rng.random()
        if kind < 0.06:
            return self.mark("cell gratuit", "gratuit")
        if kind < 0.1 and not self.plain:
            return self.mark("cell à décider", 'à décider "au cas par cas"')
        if kind < 0.14:
            return self.mark("cell sans objet", "sans objet")
        if kind < 0.16 and not self.plain:
            return self.mark("cell à fournir", "à fournir")
        named = [k.name for k in self.world.known if k.unit == unit and k.name.startswith("prix_") and not k.axes]
        if kind < 0.26 and named:
            return self.mark("cell named", self.rng.choice(named))
        return f"{self.formulas.figure()} {unit}"

    def bounds(self, count: int) -> list[str]:
        """Return classes of numbers without hole nor overlap."""
        edges = sorted(self.rng.sample(range(1, max(40, 3 * count)), count - 1))
        if not edges:
            return ["à partir de 0"]
        held = self.often(0.5)  # whether the class above an edge holds it
        found = [f"moins de {edges[0]}" if held else f"jusqu’à {edges[0]}"]
        for low, high in pairwise(edges):
            after = held and self.often(0.5)
            found.append(f"{'de' if held else 'plus de'} {low} à {'moins de ' if after else ''}{high}")
            held = after
        return [*found, f"à partir de {edges[-1]}" if held else f"plus de {edges[-1]}"]

    def drivers(self) -> list[Known]:
        return [k for k in self.world.known if k.fact and k.kind == "number" and k.axes == MEMBERS and k.unit in (*UNITS, "€")]

    def scale(self) -> None:
        found = self.drivers()
        if not found:
            return
        rng = self.rng
        name, driver = self.name("barème"), rng.choice(found)
        unit = rng.choice(("€", "€", f"€/{rng.choice(UNITS)}", "jour"))
        reading = rng.choice(("",) * 5 + ("lu à la fin de l’exercice", "lu à la date d’effet", "lu à la date de l’événement"))
        kind = rng.random()
        choices = [k for k in self.world.known if k.kind in ("choice", "yes") and k.axes == MEMBERS]
        if kind < 0.2:
            self.progressive(name, driver)
        elif kind < 0.4:
            self.grid(name, driver, unit)
        elif kind < 0.6 and choices:
            self.by_name(name, rng.choice(choices), unit)
        elif kind < 0.7 and self.world.group:
            self.mark("scale of the offers")
            cells = [f"{o} : {self.cell(unit)}" for o in self.world.group]
            self.put(f"barème par classe {name} : {unit} selon offre dans groupe", *cells)
            self.know(name, unit, frozenset({OFFER}))
        else:
            count = rng.choice((1 if driver.unit in ("hab", "poste") else 2, 2, 3, 4, 7, 140 if self.often(0.1) else 5))
            self.mark("scale by class")
            rows = [f"{b} : {self.cell(unit)}" for b in self.bounds(count)]
            periods = [f"depuis le {d}" for d in ("01/01/2020", "01/06/2024")] if self.often(0.25) and count < 9 else []
            lines = [reading] + (
                [periods[0], *rows, periods[1], *(f"{b} : {self.cell(unit)}" for b in self.bounds(count))] if periods else rows
            )
            self.mark("scale with periods" if periods else "")
            self.put(f"barème par classe {name} : {unit} selon {driver.name}", *lines)
            self.know(name, unit, MEMBERS)

    def by_name(self, name: str, driver: Known, unit: str) -> None:
        self.mark("scale by name")
        names = ["oui", "non"] if driver.kind == "yes" else list(driver.names)
        if len(names) > 2 and self.often(0.4):
            rows = [f"{names[0]} : {self.cell(unit)}", f"autres : {self.cell(unit)}"]
        else:
            rows = [f"{n} : {self.cell(unit)}" for n in names]
        self.put(f"barème par classe {name} : {unit} selon {driver.name}", *rows)
        self.know(name, unit, MEMBERS)

    def grid(self, name: str, driver: Known, unit: str) -> None:
        self.mark("scale in two dimensions")
        choices = [k for k in self.world.known if k.kind == "choice" and k.axes == MEMBERS]
        across = self.rng.choice([*choices, None])
        heads = list(across.names) if across is not None else ["= 1", "= 2", "à partir de 3"]
        second = across.name if across is not None else self.name("rang_de")
        if across is None:
            self.put(f"grandeur {second} = rang de {self.rng.choice(self.world.offers)}")
        bounds = self.bounds(self.rng.randint(2, 4))
        rows = [f"| {b} | " + " | ".join(self.cell(unit) for _ in heads) + " |" for b in bounds]
        self.put(
            f"barème par classe {name} : {unit} selon {driver.name} et {second}",
            f"| {driver.name} | " + " | ".join(heads) + " |",
            *rows,
        )
        self.know(name, unit, MEMBERS)

    def progressive(self, name: str, driver: Known) -> None:
        self.mark("scale progressif")
        if self.often(0.5):
            first, second = sorted(self.rng.sample(range(2, 60), 2))
            bounds = [f"du 1er au {first}e", f"du {first + 1}e au {second}e", f"à partir du {second + 1}e"]
        else:
            bounds = self.bounds(self.rng.randint(2, 4))
        unit = f"€/{driver.unit}" if driver.unit != "€" else "nombre"
        cells = [self.cell(unit) if unit != "nombre" else self.rng.choice(("0,05", "0,5", "1")) for _ in bounds]
        self.put(
            f"barème progressif {name} : {unit} selon {driver.name}", *(f"{b} : {c}" for b, c in zip(bounds, cells, strict=True))
        )
        self.know(name, "€", MEMBERS)

    def key(self) -> None:
        found = [k.name for k in self.drivers()]
        if not found:
            return
        name, rng = self.name("clé"), self.rng
        parts = rng.choice(((100,), (60, 40), (50, 30, 20)))
        clauses = ["entre " + rng.choice(("les membres", f"les titulaires de {rng.choice(self.world.offers)}"))]
        for part in parts:
            if self.often(0.2):
                clauses.append(f"{part} % à parts égales")
                continue
            clause = f"{part} % selon {rng.choice(found)}"
            clauses.append(
                clause + (self.mark("key with a fallback", f", à défaut selon {rng.choice(found)}") if self.often(0.4) else "")
            )
        self.mark("blend" if len(parts) > 1 else "key")
        self.put(f'clé {name} "{name}"', *clauses)
        self.world.keys.append(name)

    def quantity(self) -> None:
        rng = self.rng
        scope = rng.choice((NOWHERE, MEMBERS, MEMBERS, frozenset({MEMBER, OFFER}), MEMBERS | {"rows"}))
        clauses = []
        if "rows" in scope:
            registers = list(self.world.registers)
            if not registers:
                return
            scope = MEMBERS | {row(registers[0])}
            clauses.append(self.mark("quantity of a row", f"pour chaque {registers[0]}"))
        if OFFER in scope:
            clauses.append("pour chaque offre dans groupe")
        elif scope == MEMBERS and self.often(0.2):
            clauses.append(self.mark("quantity of holders", f"pour {rng.choice(self.world.offers)}"))
        name, unit = self.name("grandeur"), rng.choice(("€", "€", "poste", "nombre", "jour"))
        if self.often(0.12):
            self.put(f"grandeur {name} : oui ou non", *clauses, f"= {self.formulas.yes(scope, 1)}")
            self.know(name, "", scope, kind="yes")
            return
        self.put(f"grandeur {name} : {unit}", *clauses, self.formulas.formula(unit, scope, 2))
        self.know(name, unit, scope)
        self.mark("grandeur")
