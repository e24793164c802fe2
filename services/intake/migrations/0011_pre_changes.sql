-- The issued authorization that a request asks to extend or to change (X6): its request and reference.
ALTER TABLE request ADD COLUMN changes jsonb;
