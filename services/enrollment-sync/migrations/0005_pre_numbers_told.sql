-- After a restore: checks of watches that are opened anew count on above the highest number ever told (P3, P39).
ALTER TABLE monitoring ADD COLUMN check_floor bigint NOT NULL DEFAULT 0;
