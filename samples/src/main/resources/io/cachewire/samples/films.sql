-- films that do not exist, and how often they were rented
CREATE TABLE film (
    id    INT PRIMARY KEY,
    title VARCHAR(80) NOT NULL
);

CREATE TABLE rental (
    film_id INT NOT NULL REFERENCES film (id),
    quarter INT NOT NULL,
    rentals INT NOT NULL,
    PRIMARY KEY (film_id, quarter)
);

INSERT INTO film (id, title) VALUES
    (1, 'The Last Ferry to Norwold'),
    (2, 'Salt and Tin'),
    (3, 'A Clock for Mr Ambrose'),
    (4, 'Nine Winters'),
    (5, 'The Cartographer''s Daughter'),
    (6, 'Platform Zero'),
    (7, 'Marigold Street'),
    (8, 'Two Left Shoes'),
    (9, 'The Quiet Orchestra'),
    (10, 'Beyond the Dry Lake'),
    (11, 'Copper Moon'),
    (12, 'Letters Never Posted'),
    (13, 'The Beekeeper of Ulm'),
    (14, 'Glass Harbour'),
    (15, 'Sunday in the Machine Room');

INSERT INTO rental (film_id, quarter, rentals) VALUES
    (1, 1, 112), (1, 2, 98), (1, 3, 120),
    (2, 1, 41), (2, 2, 37), (2, 3, 29),
    (3, 1, 88), (3, 2, 140), (3, 3, 171),
    (4, 1, 65), (4, 2, 61), (4, 3, 58),
    (5, 1, 130), (5, 2, 127), (5, 3, 119),
    (6, 1, 12), (6, 2, 54), (6, 3, 97),
    (7, 1, 77), (7, 2, 70), (7, 3, 82),
    (8, 1, 23), (8, 2, 19), (8, 3, 31),
    (9, 1, 101), (9, 2, 116), (9, 3, 109),
    (10, 1, 49), (10, 2, 52), (10, 3, 44),
    (11, 1, 95), (11, 2, 87), (11, 3, 90),
    (12, 1, 33), (12, 2, 28), (12, 3, 40),
    (13, 1, 60), (13, 2, 73), (13, 3, 68),
    (14, 1, 144), (14, 2, 131), (14, 3, 138),
    (15, 1, 18), (15, 2, 22), (15, 3, 26);
