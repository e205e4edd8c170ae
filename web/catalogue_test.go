package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"frontdesk/internal/testkit"
)

// the command tells what a file of pictures would change, changes nothing in a dry run, and then does it.
func TestCatalogueImages(t *testing.T) {
	t.Parallel()
	url := testkit.DatabaseURL(t)
	environ := map[string]string{"APP_ENV": "test", "DATA_DIR": t.TempDir(), "DATABASE_URL": url, "REDIS_URL": testkit.RedisURL(t)}
	sql(t, url, `INSERT INTO products (id, sku, names, price_minor, currency, stock, active, created_at, updated_at)
		SELECT gen_random_uuid(), 'SKU-' || n, '{"en": "Thing"}', 100, 'EUR', 1, true, now(), now() FROM generate_series(1, 2) n`)
	file := filepath.Join(t.TempDir(), "pictures.csv")
	write := func(lines string) {
		if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	images := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), append([]string{"catalogue", "images"}, args...), environ, &out, io.Discard)
		return out.String(), err
	}
	pictures := func() (all string) {
		conn, err := pgx.Connect(context.Background(), url)
		must(t, err)
		defer conn.Close(context.Background()) //nolint:errcheck // done
		must(t, conn.QueryRow(context.Background(), `SELECT coalesce(string_agg(p.sku || ' ' || m.url, ', ' ORDER BY p.sku), '') FROM product_media m
			JOIN products p ON p.id = m.product_id`).Scan(&all))
		return all
	}
	const told = "lines      4\nadded      1\nchanged    0\nunchanged  0\nno product has the SKU \"NOBODY\"\nline 4: url cannot be used\nline 5: kind cannot be used\n"
	write("sku,url,kind\nsku-1,/static/a.svg,\nNOBODY,/static/b.svg,\nSKU-2,http://elsewhere.example/c.jpg,\nSKU-2,/static/c.svg,song\n")

	out, err := images("--dry-run", file)
	if err != nil || out != "Dry run: nothing was changed.\n"+told || pictures() != "" {
		t.Fatalf("dry run: %v, pictures %q\n%s", err, pictures(), out)
	}
	if out, err = images(file); err != nil || out != told || pictures() != "SKU-1 /static/a.svg" {
		t.Fatalf("import: %v, pictures %q\n%s", err, pictures(), out)
	}
	if out, err = images(file); err != nil || !strings.Contains(out, "added      0\nchanged    0\nunchanged  1\n") {
		t.Errorf("again: %v\n%s", err, out)
	}
	write("sku,url\nSKU-1,/static/a.svg,\nSKU-2,/static/d.svg\n")
	if out, err = images("--dry-run", file); err != nil || !strings.Contains(out, "added      1\n") || pictures() != "SKU-1 /static/a.svg" {
		t.Errorf("a dry run of another file: %v\n%s", err, out)
	}
	write("name,picture\nSKU-1,/static/a.svg\n")
	if out, err = images(file); err == nil || out != "" {
		t.Errorf("no such file at all: %v\n%s", err, out)
	}
	if _, err = images(filepath.Join(t.TempDir(), "none.csv")); err == nil {
		t.Error("a file that is not there is taken")
	}
	for _, args := range [][]string{{}, {"--dry-run"}, {file, "--dry-run"}, {"--wet-run", file}, {file, file}} {
		if out, err := images(args...); err == nil || !strings.HasPrefix(out, "usage:") {
			t.Errorf("%v: %v\n%.60s", args, err, out)
		}
	}
}
