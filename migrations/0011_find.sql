-- +goose Up
-- How a name is compared when people search: without case, accents, Arabic vowel signs and the letters
-- that are written one for another.
-- +goose StatementBegin
CREATE FUNCTION folded(t text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT regexp_replace(translate(lower(t),
        'áàâäãåÁÀÂÄÃÅéèêëÉÈÊËíìîïÍÌÎÏóòôöõÓÒÔÖÕúùûüÚÙÛÜñÑçÇأإآٱىةؤئ',
        'aaaaaaaaaaaaeeeeeeeeiiiiiiiioooooooooouuuuuuuunnccاااايهوي'), '[\u064B-\u0652\u0640]', '', 'g')
$$;
-- +goose StatementEnd
CREATE INDEX customers_name_find ON customers USING gin (folded(name || ' ' || surname) gin_trgm_ops);
CREATE INDEX customers_phone_find ON customers USING gin (phone gin_trgm_ops);

-- +goose Down
DROP INDEX customers_name_find, customers_phone_find;
DROP FUNCTION folded;
