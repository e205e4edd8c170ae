package handlers

import (
	"context"
	"time"

	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/diary"
)

// week puts seven days beside each other, a line per stylist.
func (b board) week(ctx context.Context) *diary.Week {
	w := &diary.Week{}
	from, to := b.span()
	for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
		w.Days = append(w.Days, diary.WeekDay{
			Label: i18n.DayShort(b.lang, day), Today: midnight(b.now).Equal(day),
			URL: b.url(func(q *diaryQuery) { q.day, q.view, q.visitID = day, diary.DayView, "" }),
		})
	}
	for _, st := range b.stylists() {
		row := diary.WeekRow{Stylist: b.head(b.lang, st)}
		for day := from; day.Before(to); day = day.AddDate(0, 0, 1) {
			row.Cells = append(row.Cells, b.weekCell(ctx, st, day))
		}
		w.Rows = append(w.Rows, row)
	}
	return w
}

func (b board) weekCell(ctx context.Context, st models.Stylist, day time.Time) diary.WeekCell {
	var cell diary.WeekCell
	open, opens := b.open(day)
	if !opens {
		cell.Closed = i18n.T(ctx, "console.diary.closed_short")
	}
	for _, shut := range b.closed(ctx, st, day, open) {
		if opens && !shut.outside && shut.from <= open.from && shut.to >= open.to {
			cell.Closed = shut.why
		}
	}
	for _, v := range b.visits {
		if _, ok := b.part(day, v.Span()); ok && v.StylistID == st.ID {
			cell.Visits = append(cell.Visits, b.card(b.lang, v))
		}
	}
	return cell
}
