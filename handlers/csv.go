package handlers

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/i18n"
	"frontdesk/views/ui"
)

const (
	csvRows = 20_000 // the most of one file; a last line says when there were more
	csvPage = 1000
)

// csv sends exactly this view as a file: its filters, its order, its columns, all of its pages. What was
// read before an error is not sent: half a file looks like a whole one.
func (s *Server) csv(c *fiber.Ctx, q tableQuery, read tableReader) error {
	var file bytes.Buffer
	file.WriteString("\uFEFF") // spreadsheets read UTF-8 only with it
	w := csv.NewWriter(&file)
	if err := w.Write(q.headings(c)); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	if err := q.writeAll(c.UserContext(), w, read); err != nil {
		return err
	}
	w.Flush()
	private(c)
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", q.spec.ID+"-"+s.Clock.Now().In(q.zone).Format("2006-01-02")+".csv"))
	return c.Send(file.Bytes())
}

// writeAll writes every page of the view, up to the limit of a file.
func (q tableQuery) writeAll(ctx context.Context, w *csv.Writer, read tableReader) error {
	q.After, q.Backward, q.Limit = nil, false, csvPage
	for rows := 0; ; {
		page, err := read(ctx, q)
		if err != nil {
			return err
		}
		for _, r := range page.Rows {
			if err := w.Write(csvLine(q.shownCells(r.Cells))); err != nil {
				return fmt.Errorf("write csv: %w", err)
			}
		}
		rows += len(page.Rows)
		last := len(page.Rows) - 1
		if !page.More || last < 0 || page.Rows[last].Cursor == nil {
			return nil
		}
		if rows >= csvRows {
			if err := w.Write([]string{i18n.T(ctx, "console.table.csv_cut", "Count", rows)}); err != nil {
				return fmt.Errorf("write csv: %w", err)
			}
			return nil
		}
		q.After = page.Rows[last].Cursor
	}
}

func (q tableQuery) headings(c *fiber.Ctx) []string {
	var out []string
	for _, col := range q.spec.Columns {
		if q.shows(col.Key) {
			out = append(out, guarded(i18n.T(c.UserContext(), col.Label)))
		}
	}
	return out
}

func csvLine(cells []ui.Cell) []string {
	out := make([]string, len(cells))
	for i, cell := range cells {
		out[i] = guarded(cell.Text)
	}
	return out
}

// guarded keeps a spreadsheet from reading words as a formula.
func guarded(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r\n", rune(text[0])) {
		return "'" + text
	}
	return text
}
