-- What every city starts with: its one row, the default ladder, the channels of the field.

INSERT INTO city (id, name) VALUES (1, '未命名城市');

INSERT INTO ladder_rung (station_id, level, rank) VALUES
    (NULL, 'cell', 0), (NULL, 'beat', 1), (NULL, 'community', 2), (NULL, 'street', 3), (NULL, 'district', 4), (NULL, 'city', 5);

INSERT INTO channel (code, name_zh, name_en) VALUES
    ('110', '110报警', '110 emergency'),
    ('12345', '12345热线', '12345 hotline'),
    ('myt110', '民意110', 'Public-opinion 110'),
    ('nuansu', '暖南诉办', 'District app'),
    ('mediation', '矛调平台', 'Mediation platform'),
    ('petition', '来信来访', 'Letters and visits'),
    ('window', '服务窗口', 'Service window'),
    ('patrol', '巡逻走访', 'Patrol and visits'),
    ('gridapp', '网格员上报', 'Grid worker''s app'),
    ('qr', '门牌扫码', 'Door-plate QR'),
    ('sensor', '感知预警', 'Sensor alert');
