package shop

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"frontdesk/internal/fault"
	"frontdesk/internal/feed"
	"frontdesk/models"
)

// Limits of a mapping of pictures.
const (
	maxMapping      = 8 << 20 // bytes
	maxMappingLines = 20_000
	maxPosition     = 1000
	maxAlt          = 200 // characters
)

// ImageImport is what a mapping of pictures did, or in a dry run what it would do.
type ImageImport struct {
	Lines     int // with a picture on them
	Added     int
	Changed   int
	Unchanged int
	Unknown   []string    // SKUs that no product has
	Wrong     []ImageLine // lines that cannot be used
}

// ImageLine is a line of a mapping that cannot be used, and the column that is why.
type ImageLine struct {
	Line   int
	Column string
}

// mapped is a line of a mapping.
type mapped struct {
	SKU      string
	URL      string
	Kind     models.MediumKind
	Position int
	Alt      models.Text
}

// errDryRun takes back what a dry run did.
var errDryRun = errors.New("dry run")

// ImportImages gives products the pictures of a CSV file with the columns sku and url and, where they are there,
// kind, position, alt_en, alt_es and alt_ar. A picture of a position below 1 comes before those of the feed,
// and no sync takes a mapped one away. Lines that cannot be used are left out and named. A dry run finds out the
// same and changes nothing. Fault: shop.mapping, when it is no such file at all.
func (s *Shop) ImportImages(ctx context.Context, file io.Reader, dryRun bool) (ImageImport, error) {
	rows, done, err := readMapping(file)
	if err != nil {
		return ImageImport{}, err
	}
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		for _, row := range rows {
			if err := s.mapImage(ctx, row, &done); err != nil {
				return err
			}
		}
		if dryRun {
			return errDryRun
		}
		return nil
	})
	if err != nil && !errors.Is(err, errDryRun) {
		return ImageImport{}, fmt.Errorf("import pictures: %w", err)
	}
	slices.Sort(done.Unknown)
	done.Unknown = slices.Compact(done.Unknown)
	return done, nil
}

// mapImage gives a product a picture, in one statement.
func (s *Shop) mapImage(ctx context.Context, row mapped, done *ImageImport) error {
	var wrote struct {
		Known bool
		Fresh *bool // nil: it was so already
	}
	now := s.clock.Now()
	err := s.db.On(ctx).Raw(`WITH p AS (SELECT id FROM products WHERE upper(sku) = upper(?)),
		w AS (INSERT INTO product_media AS m (id, product_id, url, kind, position, alt, origin, created_at, updated_at)
			SELECT ?, id, ?, ?, ?, ?, 'mapping', ?, ? FROM p
			ON CONFLICT (product_id, url) DO UPDATE SET kind = excluded.kind, position = excluded.position, alt = excluded.alt, origin = excluded.origin,
				updated_at = excluded.updated_at
			WHERE (m.kind, m.position, m.alt, m.origin) IS DISTINCT FROM (excluded.kind, excluded.position, excluded.alt, excluded.origin)
			RETURNING xmax = 0 AS fresh)
		SELECT EXISTS (SELECT FROM p) AS known, (SELECT fresh FROM w) AS fresh`,
		row.SKU, models.NewID(), row.URL, row.Kind, row.Position, row.Alt, now, now).Scan(&wrote).Error
	switch {
	case err != nil:
		return fmt.Errorf("map picture: %w", err)
	case !wrote.Known:
		done.Unknown = append(done.Unknown, row.SKU)
	case wrote.Fresh == nil:
		done.Unchanged++
	case *wrote.Fresh:
		done.Added++
	default:
		done.Changed++
	}
	return nil
}

// readMapping reads the lines of a mapping and names those that cannot be used.
func readMapping(file io.Reader) ([]mapped, ImageImport, error) {
	raw, err := io.ReadAll(io.LimitReader(file, maxMapping+1))
	if err != nil {
		return nil, ImageImport{}, fmt.Errorf("read mapping: %w", err)
	}
	text := strings.TrimPrefix(string(raw), "\ufeff") // spreadsheets put it there
	if len(raw) > maxMapping || !utf8.ValidString(text) {
		return nil, ImageImport{}, fault.Invalid("shop.mapping", map[string]string{"file": "shop.mapping"})
	}
	lines := csv.NewReader(strings.NewReader(text))
	lines.FieldsPerRecord, lines.TrimLeadingSpace = -1, true
	head, err := lines.Read()
	columns := map[string]int{}
	for i, name := range head {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	_, named := columns["sku"]
	_, pictured := columns["url"]
	if err != nil || !named || !pictured {
		return nil, ImageImport{}, fault.Invalid("shop.mapping", map[string]string{"file": "shop.mapping"})
	}
	var rows []mapped
	var done ImageImport
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return rows, done, nil
		}
		if done.Lines++; done.Lines > maxMappingLines || err != nil {
			return nil, ImageImport{}, fault.Invalid("shop.mapping", map[string]string{"file": "shop.mapping"})
		}
		row, wrong := readMapped(func(column string) string {
			if i, there := columns[column]; there && i < len(cells) {
				return strings.TrimSpace(cells[i])
			}
			return ""
		})
		if wrong != "" {
			line, _ := lines.FieldPos(0)
			done.Wrong = append(done.Wrong, ImageLine{line, wrong})
			continue
		}
		rows = append(rows, row)
	}
}

// readMapped reads a line; wrong is the first column that cannot be used.
func readMapped(cell func(column string) string) (row mapped, wrong string) {
	row = mapped{SKU: cell("sku"), URL: cell("url"), Kind: models.MediumKind(cell("kind")), Alt: models.Text{}}
	if row.Kind == "" {
		row.Kind = models.MediumImage
	}
	switch {
	case row.SKU == "" || len(row.SKU) > maxSKU || strings.ContainsRune(row.SKU, 0):
		return row, "sku"
	case !feed.SoundURL(row.URL):
		return row, "url"
	case row.Kind != models.MediumImage && row.Kind != models.MediumVideo:
		return row, "kind"
	}
	if said := cell("position"); said != "" {
		n, err := strconv.Atoi(said)
		if err != nil || n < 0 || n > maxPosition {
			return row, "position"
		}
		row.Position = n
	}
	for _, lang := range models.Languages() {
		switch said := cell("alt_" + lang); {
		case utf8.RuneCountInString(said) > maxAlt || strings.ContainsRune(said, 0):
			return row, "alt_" + lang
		case said != "":
			row.Alt[lang] = said
		}
	}
	return row, ""
}
