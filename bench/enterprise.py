"""The invented company as large as an international group: sites, departments, spans of control as measured.

60 sites, the n-th with 1/n^0.9 of the first's people; 48 departments, sizes lognormal (sigma 0.8); eight job
families; a manager has 5 to 6 people in the middle and 10 to 12 in the mean, a few very many. Small
companies stay those of `parvis.testing.company`, from which names, titles and passwords come.
"""

import math
from collections import deque
from itertools import accumulate
from random import Random

from parvis.testing.company import Company, Founding, shares
from parvis.testing.ostrelune import HEADQUARTERS, SITES, Department, Site

ZIPF = 0.9
SIGMA = 0.8
SPAN, SPAN_SIGMA, WIDEST = 5.5, 1.2, 150
LEADING = 0.45
"""So many of those who report to somebody lead others, as long as there are teams to lead."""
AT_HAND = 0.85
"""So many work where their manager does."""
MOVED = 0.85
"""So many teams are elsewhere than the one above."""

MORE_CITIES = {
    "FR": "Brest Rennes Bordeaux Toulouse Lille Strasbourg Marseille Grenoble Dijon Tours Caen Rouen Pau",
    "DE": "Kiel Bremen Rostock Lübeck Köln München Dresden Leipzig",
    "PL": "Szczecin Gdynia Kraków Poznań Wrocław",
    "ES": "Vigo Gijón Cádiz Valencia Sevilla",
    "IE": "Cork Galway Limerick Waterford",
    "CA": "Québec Rimouski Gaspé",
    "PT": "Lisboa Aveiro Faro",
    "VN": "Huế Hải_Phòng Nha_Trang Vinh",
    "MA": "Tanger Agadir",
    "BE": "Namur Ostende",
}
FAMILIES = {
    "Technical": (
        ("Ingénieur", "Ingénieure", "Engineer"),
        ("Dessinateur-projeteur", "Dessinatrice-projeteuse", "Design Drafter"),
    ),
    "Production": (
        ("Monteur", "Monteuse", "Assembly Technician"),
        ("Technicien d'usinage", "Technicienne d'usinage", "Machinist"),
    ),
    "Commercial": (
        ("Ingénieur commercial", "Ingénieure commerciale", "Account Manager"),
        ("Chargé d'offres", "Chargée d'offres", "Tender Specialist"),
    ),
    "Service": (
        ("Technicien de maintenance", "Technicienne de maintenance", "Field Technician"),
        ("Conseiller technique", "Conseillère technique", "Support Engineer"),
    ),
    "Digital": (
        ("Développeur", "Développeuse", "Software Developer"),
        ("Administrateur systèmes", "Administratrice systèmes", "System Administrator"),
    ),
    "Research": (("Chercheur", "Chercheuse", "Scientist"),),
    "Support": (
        ("Contrôleur de gestion", "Contrôleuse de gestion", "Financial Controller"),
        ("Chargé de recrutement", "Chargée de recrutement", "Recruiter"),
        ("Juriste", "Juriste", "Legal Counsel"),
    ),
    "Logistics": (
        ("Approvisionneur", "Approvisionneuse", "Supply Planner"),
        ("Acheteur", "Acheteuse", "Buyer"),
    ),
}
BRANCHES = {  # English, French, job families
    "Turbines": ("Turbines", ("Technical", "Production")),
    "Blades": ("Pales", ("Technical", "Production")),
    "Offshore": ("En mer", ("Service", "Technical", "Logistics")),
    "Grid": ("Réseau", ("Technical", "Digital")),
    "Storage": ("Stockage", ("Research", "Technical")),
    "Group": ("Groupe", ("Support", "Digital")),
}
FUNCTIONS = (
    ("Engineering", "Ingénierie"), ("Manufacturing", "Production"), ("Sales", "Ventes"),
    ("Customer Service", "Service clients"), ("Information Technology", "Informatique"),
    ("Supply Chain", "Logistique"), ("Quality", "Qualité"), ("Finance and People", "Finances et personnel"),
)  # fmt: skip


def sites() -> tuple[Site, ...]:
    """Return the sites, the largest first."""
    known = {site.country: site for site in reversed(SITES)}
    more = [
        Site(city.replace("_", " "), country, known[country].language, known[country].phone)
        for country, cities in MORE_CITIES.items()
        for city in cities.split()
    ]
    Random("sites").shuffle(more)
    return (*SITES, *more)


def departments() -> tuple[Department, ...]:
    """Return the departments, all of the same weight: what they weigh is drawn by lot."""
    return tuple(
        Department(1, f"{branch} {english}", f"{french} {second}", _jobs(families, number))
        for branch, (second, families) in BRANCHES.items()
        for number, (english, french) in enumerate(FUNCTIONS)
    )


def _jobs(families: tuple[str, ...], number: int) -> tuple[tuple[str, str, str, str], ...]:
    names = list(FAMILIES)
    chosen = dict.fromkeys((*families, names[number % len(names)]))
    return tuple((family, *title) for family in chosen for title in FAMILIES[family])


def enterprise(size: int, seed: int = 2010) -> Company:
    """Found a company of so many people, some thousands at least."""
    founding = _Enterprise(Random(f"enterprise {seed}"))
    founding.open_posts(size)
    return founding.fill_them(photos=False)


class _Enterprise(Founding):
    """Draw the large company by lot."""

    def __init__(self, chance: Random) -> None:
        super().__init__(chance)
        self.sites = sites()
        self.reach = list(accumulate(1 / rank**ZIPF for rank in range(1, len(self.sites) + 1)))

    def open_posts(self, size: int) -> None:
        chief = self._open(HEADQUARTERS, "chief", None, self.sites[0])
        for _ in range(4):
            self._open(HEADQUARTERS, "staff", chief, self.sites[0])
        everyone = departments()
        weights = [self.chance.lognormvariate(0, SIGMA) for _ in everyone]
        for department, share in zip(everyone, shares(size - 5, weights), strict=True):
            self._open_department(department, share, chief)

    def _open_department(self, department: Department, size: int, chief: int) -> None:
        """Open all posts below a head, team by team: who leads a team is among those of the one above."""
        spans = self._spans(size - 1)
        leading = deque([self._open(department, "head", chief, self._somewhere())])
        waiting = len(spans) - 1
        for span in spans:
            boss = leading.popleft()
            place = self._somewhere() if self.chance.random() < MOVED else self.posts[boss].site
            drawn = sum(self.chance.random() < LEADING for _ in range(span))
            leaders = min(waiting, max(drawn, 0 if leading else 1))
            waiting -= leaders
            for number in range(span):
                site = place if self.chance.random() < AT_HAND else self._somewhere()
                post = self._open(department, "manager" if number < leaders else "staff", boss, site)
                if number < leaders:
                    leading.append(post)

    def _spans(self, people: int) -> list[int]:
        """Return how many report to each who leads, together so many people."""
        spans: list[int] = []
        while people:
            drawn = round(self.chance.lognormvariate(math.log(SPAN), SPAN_SIGMA))
            spans.append(min(people, WIDEST, max(1, drawn)))
            people -= spans[-1]
        return spans

    def _somewhere(self) -> Site:
        return self.chance.choices(self.sites, cum_weights=self.reach)[0]
