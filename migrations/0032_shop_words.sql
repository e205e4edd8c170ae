-- +goose Up
-- The conversation knows the categories of the shop by their names, as it knows the menu: what changes them raises the
-- edition too.
CREATE CONSTRAINT TRIGGER product_categories_salon_edition AFTER INSERT OR UPDATE OR DELETE ON product_categories
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION salon_edition_raise();
CREATE TRIGGER product_categories_salon_edition_emptied AFTER TRUNCATE ON product_categories
    FOR EACH STATEMENT EXECUTE FUNCTION salon_edition_raise();

-- +goose Down
DROP TRIGGER product_categories_salon_edition_emptied ON product_categories;
DROP TRIGGER product_categories_salon_edition ON product_categories;
