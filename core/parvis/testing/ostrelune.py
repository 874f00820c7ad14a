"""What Ostrelune is made of: its sites, its departments and their jobs, and the names its people may bear."""

from typing import NamedTuple


class Site(NamedTuple):
    """A place of work, and its telephone numbers but for the last four digits."""

    city: str
    country: str
    language: str
    phone: str


SITES = (  # the largest first: the second has half its people, the third a third, and so on
    Site("Nantes", "FR", "fr", "+33 2 61 91"),
    Site("Lyon", "FR", "fr", "+33 4 65 71"),
    Site("Hamburg", "DE", "de", "+49 40 66969"),
    Site("Gdańsk", "PL", "pl", "+48 58 000"),
    Site("Bilbao", "ES", "es", "+34 940 00"),
    Site("Dublin", "IE", "en", "+353 20 910"),
    Site("Montréal", "CA", "fr", "+1 514 555"),
    Site("Porto", "PT", "pt", "+351 220 00"),
    Site("Đà Nẵng", "VN", "vi", "+84 236 000"),
    Site("Casablanca", "MA", "ar", "+212 520 00"),
    Site("Liège", "BE", "fr", "+32 4 000"),
)


def _split(names: str) -> tuple[list[str], list[str], list[str]]:
    women, men, families = ([name.strip() for name in part.split(",")] for part in names.split(";"))
    return women, men, families


NAMES = {  # by language: names of women, of men, and of families
    "fr": _split("""
        Hélène, Zoé, Élodie, Maëlle, Solène, Anaïs, Noémie, Clémence, Margaux, Aurélie, Bérénice,
        Océane, Inès, Marie-Laure, Anne-Cécile, Gwenaëlle, Apolline, Léonie, Sabine, Faustine;
        Gaël, Loïc, Théo, Rémi, Jérôme, François, Benoît, Maël, Yann, Cédric, Grégoire, Étienne,
        Raphaël, Aurélien, Jean-Baptiste, Pierre-Yves, Ronan, Cyprien, Anatole, Noël;
        Kerbrat, Le Goff, Le Floc'h, Guéguen, d'Aubrac, de Kersaint, Bréhat, Lefèvre, Morvan, Quéméneur,
        Châtelain, Désormeaux, Garçon, Hémery, Jaouen, L'Hostis, Mézière, Noël, Pélissier, Rouvière,
        Tréguier, de La Brière, Vasseur, Fauchère, Bœuf, Cadoret, Éon, Gélinas, Thibodeau, Lacasse,
        Delcourt, Vandenbroeck, Lemaître
    """),
    "de": _split("""
        Käthe, Jördis, Anneliese, Friederike, Svenja, Wiebke, Grete, Ulrike, Antje, Hannelore;
        Jürgen, Jörg, Björn, Henning, Götz, Torben, Lüder, Malte, Ansgar, Detlef;
        Müller, Schröder, Groß, Böttcher, Jäger, Köhler, von Bremen, Vogelsang, Petersen, Weiß, Krüger,
        Hinrichs, Ohlsen, zu Hohenfeld, Mößner, Struß
    """),
    "pl": _split("""
        Małgorzata, Agnieszka, Żaneta, Elżbieta, Katarzyna, Bożena, Wanda, Zofia, Jadwiga, Oliwia;
        Łukasz, Wojciech, Stanisław, Paweł, Zbigniew, Bartłomiej, Michał, Grzegorz, Rafał, Kamil;
        Zieliński, Wójcik, Kowalczyk, Dąbrowski, Jabłoński, Gołąb, Pawłowski, Król, Wróbel, Sęk, Żuraw,
        Brzęczek, Chrząszcz, Łuczak
    """),
    "es": _split("""
        Begoña, Itziar, Lucía, Nerea, María José, Ángela, Concepción, Leire, Rocío, Ainhoa;
        Íñigo, Andoni, José María, Joaquín, Ángel, Aitor, Gorka, Ramón, Tomás, Unai;
        Etxeberria, Muñoz, Goikoetxea, Ibáñez García, Núñez, Peñalba, Zubizarreta, Güemes, de la Torre,
        Ortuño, Arrizabalaga, López Ruiz
    """),
    "en": _split("""
        Aoife, Siobhán, Niamh, Gráinne, Róisín, Imogen, Harriet, Maeve, Orla, Fiona;
        Eoin, Cillian, Pádraig, Seán, Rory, Declan, Fergus, Alistair, Ruairí, Graham;
        O'Brien, O'Rourke, Ní Dhomhnaill, McAllister, Fitzgerald-Hayes, Kavanagh, Ó Súilleabháin, Byrne,
        MacTiernan, Whitcombe, Hartley, Dunne
    """),
    "pt": _split("""
        Conceição, Inês, Sónia, Graça, Luísa, Fátima, Mónica, Beatriz, Íris, Assunção;
        João, Simão, Sérgio, Gonçalo, Hélder, Nuno, Luís, Estêvão, Tomé, Bruno;
        Magalhães, Simões, Assunção, Gonçalves, Araújo, da Conceição, dos Santos, Leitão, Brandão,
        Tavares, Falcão, Guimarães
    """),
    "vi": _split("""
        Hương, Thảo, Ngọc, Linh, Phương, Tuyết, Hạnh, Mai, Quỳnh, Bích;
        Minh, Đức, Tuấn, Hùng, Khôi, Phúc, Quốc, Thành, Việt, Dũng;
        Nguyễn, Trần, Lê, Phạm, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Võ
    """),
    "ar": _split("""
        Amina, Khadija, Salma, Naïma, Zineb, Ghizlane, Hafsa, Loubna, Meryem, Soukaina;
        Youssef, Hicham, Réda, Anouar, Mehdi, Tarik, Saïd, Abdelkrim, Ilyas, Nabil;
        El Idrissi, Benjelloun, Aït Baha, Tazi, Bennani, Cherkaoui, El Fassi, Ouazzani, Saïdi, Lahlou,
        Berrada, Naciri
    """),
}


class Department(NamedTuple):
    weight: float
    name: str
    french: str
    jobs: tuple[tuple[str, str, str, str], ...]
    """Job family; a man's title and a woman's in French; the title in English."""


DEPARTMENTS = (
    Department(18, "Engineering", "Ingénierie", (
        ("Mechanical design", "Ingénieur mécanique", "Ingénieure mécanique", "Mechanical Engineer"),
        ("Hydrodynamics", "Ingénieur hydrodynamique", "Ingénieure hydrodynamique", "Hydrodynamics Engineer"),
        ("Drafting", "Dessinateur-projeteur", "Dessinatrice-projeteuse", "Design Drafter"),
    )),
    Department(20, "Manufacturing", "Production", (
        ("Assembly", "Monteur", "Monteuse", "Assembly Technician"),
        ("Machining", "Technicien d'usinage", "Technicienne d'usinage", "Machinist"),
        ("Methods", "Ingénieur méthodes", "Ingénieure méthodes", "Process Engineer"),
    )),
    Department(10, "Sales", "Ventes", (
        ("Key accounts", "Ingénieur commercial", "Ingénieure commerciale", "Account Manager"),
        ("Tenders", "Chargé d'offres", "Chargée d'offres", "Tender Specialist"),
    )),
    Department(9, "Customer Service", "Service clients", (
        ("Field service", "Technicien de maintenance", "Technicienne de maintenance", "Field Technician"),
        ("Support", "Conseiller technique", "Conseillère technique", "Support Engineer"),
    )),
    Department(8, "Information Technology", "Informatique", (
        ("Software", "Développeur", "Développeuse", "Software Developer"),
        ("Infrastructure", "Administrateur systèmes", "Administratrice systèmes", "System Administrator"),
    )),
    Department(8, "Research", "Recherche", (
        ("Materials", "Chercheur matériaux", "Chercheuse matériaux", "Materials Scientist"),
        ("Oceanography", "Océanographe", "Océanographe", "Oceanographer"),
    )),
    Department(6, "Supply Chain", "Logistique", (
        ("Planning", "Approvisionneur", "Approvisionneuse", "Supply Planner"),
        ("Warehouse", "Cariste", "Cariste", "Warehouse Operator"),
    )),
    Department(5, "Quality", "Qualité", (
        ("Inspection", "Contrôleur qualité", "Contrôleuse qualité", "Quality Inspector"),
    )),
    Department(5, "Finance", "Finances", (
        ("Accounting", "Comptable", "Comptable", "Accountant"),
        ("Controlling", "Contrôleur de gestion", "Contrôleuse de gestion", "Financial Controller"),
    )),
    Department(4, "Human Resources", "Ressources humaines", (
        ("Recruitment", "Chargé de recrutement", "Chargée de recrutement", "Recruiter"),
        ("Payroll", "Gestionnaire de paie", "Gestionnaire de paie", "Payroll Officer"),
    )),
    Department(3, "Purchasing", "Achats", (("Purchasing", "Acheteur", "Acheteuse", "Buyer"),)),
    Department(2, "Communication", "Communication", (
        ("Communication", "Chargé de communication", "Chargée de communication", "Communication Officer"),
    )),
    Department(2, "Safety and Environment", "Sécurité et environnement", (
        ("Safety", "Préventeur", "Préventrice", "Safety Officer"),
    )),
    Department(2, "Legal", "Juridique", (("Legal", "Juriste", "Juriste", "Legal Counsel"),)),
)  # fmt: skip
HEADQUARTERS = Department(0, "Executive Office", "Direction générale", ())
ASSISTANCE = ("Assistance", "Assistant de direction", "Assistante de direction", "Executive Assistant")


class Role(NamedTuple):
    """One of those called by name, whatever the size."""

    given_name: str
    family_name: str
    department: str
    title: str
    rank: str = "staff"
    kind: str = "employee"
    woman: bool = True


ROLES = {
    "chief_executive": Role(
        "Solène", "d'Estrevel", HEADQUARTERS.name, "Présidente-directrice générale", "chief"
    ),
    "newcomer": Role("Zoé", "Kerbrat", "Engineering", "Ingénieure hydrodynamique"),
    "group_owner": Role("Hélène", "Müller", "Research", "Responsable Recherche", "manager"),
    "community_manager": Role("Gaël", "Le Floc'h", "Communication", "Animateur de communauté", woman=False),
    "administrator": Role(
        "Łukasz", "Zieliński", "Information Technology", "Administrateur systèmes", woman=False
    ),
    "disabled": Role("Bruno", "Tavares", "Sales", "Account Manager", kind="disabled", woman=False),
    "without_mail": Role("Minh", "Nguyễn", "Manufacturing", "Machinist", woman=False),
    "contractor": Role("Rory", "O'Brien", "Engineering", "Design Drafter", kind="contractor", woman=False),
    "namesake": Role("Camille", "Morvan", "Finance", "Comptable"),
    "other_namesake": Role("Camille", "Morvan", "Manufacturing", "Monteuse"),
}
