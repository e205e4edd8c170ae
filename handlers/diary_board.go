package handlers

import (
	"context"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"frontdesk/internal/booking"
	"frontdesk/internal/i18n"
	"frontdesk/models"
	"frontdesk/views/diary"
)

// board is everything read for a span of the diary.
type board struct {
	diaryQuery
	lang   models.Language
	visits []booking.Visit
	ended  []booking.Visit
	blocks []models.TimeBlock
	hours  map[models.Date]models.OpeningHours
	breaks []models.WeeklyBreak
}

// diaryPage reads the span and lays it out.
func (s *Server) diaryPage(c *fiber.Ctx, q diaryQuery) (diary.Page, error) {
	ctx := c.UserContext()
	b, err := s.readBoard(ctx, q)
	if err != nil {
		return diary.Page{}, err
	}
	p := diary.Page{
		Title: q.title(b.lang), Links: q.links(), OwnOnly: q.own, Filtered: q.status != "" || q.stylist != nil && !q.own, Count: len(b.visits),
		ClearURL: q.url(func(q *diaryQuery) { q.status, q.visitID = "", ""; q.stylist = nil }),
	}
	if q.acts && len(q.columns()) > 0 {
		p.BookURL, p.BlockURL = q.actURL("new"), q.actURL("block")
	}
	p.Stylists, p.Statuses = q.chips(c)
	for _, v := range b.ended {
		if q.status == "" {
			p.Fallen = append(p.Fallen, q.card(b.lang, v))
		}
	}
	if q.view == diary.DayView {
		p.Day, p.ClosedText = b.layDay(ctx), b.salonClosed(ctx, q.day)
	} else {
		p.Week = b.week(ctx)
	}
	p.Selected, err = s.visitDetails(ctx, q)
	return p, err
}

// actURL is a form that starts with the day and the stylist shown.
func (q diaryQuery) actURL(act string) string {
	code := ""
	if q.stylist != nil {
		code = q.stylist.Code
	}
	return link("/console/diary/"+act, "day", q.day.Format(time.DateOnly), "stylist", code)
}

func (s *Server) readBoard(ctx context.Context, q diaryQuery) (b board, err error) {
	from, to := q.span()
	b = board{diaryQuery: q, lang: i18n.From(ctx).Language}
	read, err := s.Diary.Week(ctx, from, to, q.only())
	if err != nil {
		return b, err
	}
	b.visits = slices.DeleteFunc(read.Visits, func(v booking.Visit) bool { return !q.matches(v.Status) })
	b.ended, b.blocks = read.Ended, read.Blocks
	if b.hours, err = s.Diary.Openings(ctx, from, to); err != nil {
		return b, err
	}
	b.breaks, err = s.Diary.Breaks(ctx)
	return b, err
}

func (q diaryQuery) title(lang models.Language) string {
	from, to := q.span()
	if q.view == diary.DayView {
		return i18n.Day(lang, from) + from.Format(" 2006")
	}
	return i18n.DayShort(lang, from) + " – " + i18n.DayShort(lang, to.AddDate(0, 0, -1)) + to.Format(" 2006")
}

func (q diaryQuery) links() diary.Links {
	step := 1
	if q.view != diary.DayView {
		step = 7
	}
	move := func(days int) string {
		return q.url(func(q *diaryQuery) { q.day, q.visitID = q.day.AddDate(0, 0, days), "" })
	}
	in := func(view diary.View) string {
		return q.url(func(q *diaryQuery) { q.view, q.visitID = view, "" })
	}
	l := diary.Links{
		Previous: move(-step), Next: move(step), Date: q.day.Format(time.DateOnly), Status: q.status, View: q.view,
		Today:   q.url(func(q *diaryQuery) { q.day, q.visitID = midnight(q.now), "" }),
		ThisDay: in(diary.DayView), ThisWeek: in(diary.WeekView), NextSeven: in(diary.NextSeven),
	}
	if q.stylist != nil && !q.own {
		l.Stylist = q.stylist.Code
	}
	return l
}

// stretch is a part of a day in minutes of wall time after midnight, half-open.
type stretch struct{ from, to int }

func minuteOf(t time.Time) int { return t.Hour()*60 + t.Minute() }

// part is the share of a span that falls on a day, in wall time.
func (q diaryQuery) part(day time.Time, span models.Span) (stretch, bool) {
	next := day.AddDate(0, 0, 1)
	if !span.Overlaps(models.Span{Start: day, End: next}) {
		return stretch{}, false
	}
	out := stretch{0, 24 * 60}
	if span.Start.After(day) {
		out.from = minuteOf(span.Start.In(q.zone))
	}
	if span.End.Before(next) {
		out.to = minuteOf(span.End.In(q.zone))
	}
	return out, out.from < out.to
}

func parseWall(s string) int {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return 0
	}
	return minuteOf(t)
}

// open is the salon's opening on a day; false when it has none.
func (b board) open(day time.Time) (stretch, bool) {
	h, opens := b.hours[models.DateOf(day)]
	return stretch{parseWall(h.Opens), parseWall(h.Closes)}, opens
}

// scale is the part of the day worth showing: opening hours and whatever lies outside them, in full hours.
func (b board) scale(day time.Time) stretch {
	s, open := b.open(day)
	if !open {
		s = stretch{10 * 60, 18 * 60}
	}
	for _, v := range b.visits {
		if p, ok := b.part(day, v.Span()); ok {
			s = stretch{min(s.from, p.from), max(s.to, p.to)}
		}
	}
	return stretch{s.from / 60 * 60, (s.to + 59) / 60 * 60}
}

// layDay puts a day on the grid.
func (b board) layDay(ctx context.Context) *diary.Day {
	scale := b.scale(b.day)
	d := &diary.Day{Date: b.day.Format(time.DateOnly), From: scale.from, Snap: b.snap, Rows: (scale.to-scale.from)/diary.RowMinutes + 1}
	for m := scale.from; m < scale.to; m += 30 {
		d.Ticks = append(d.Ticks, diary.Tick{Row: (m-scale.from)/diary.RowMinutes + 1, Label: wall(m), OnHour: m%60 == 0})
	}
	if now := minuteOf(b.now); midnight(b.now).Equal(b.day) && now >= scale.from && now < scale.to {
		d.NowRow = (now-scale.from)/diary.RowMinutes + 1
	}
	for _, st := range b.stylists() {
		d.Columns = append(d.Columns, b.column(ctx, st, scale))
	}
	return d
}

func (b board) column(ctx context.Context, st models.Stylist, scale stretch) diary.Column {
	col := diary.Column{Stylist: b.head(b.lang, st)}
	place := func(s stretch) (row, rows int) {
		s = stretch{max(s.from, scale.from), min(s.to, scale.to)}
		return (s.from-scale.from)/diary.RowMinutes + 1, max(1, (s.to-s.from+diary.RowMinutes-1)/diary.RowMinutes)
	}
	var busy []stretch
	for _, closed := range b.closed(ctx, st, b.day, scale) {
		row, rows := place(closed.stretch)
		col.Items = append(col.Items, diary.Item{
			Row: row, Rows: rows, Closed: closed.why, Quiet: closed.outside, Times: closed.times(), OpenURL: closed.openURL,
		})
		busy = append(busy, closed.stretch)
	}
	for _, v := range b.visits {
		p, ok := b.part(b.day, v.Span())
		if !ok || v.StylistID != st.ID {
			continue
		}
		card := b.card(b.lang, v)
		row, rows := place(p)
		col.Items = append(col.Items, diary.Item{Row: row, Rows: rows, Visit: &card})
		col.Visits++
		busy = append(busy, p)
	}
	for _, gap := range b.gaps(scale, busy) {
		row, rows := place(gap)
		col.Items = append(col.Items, diary.Item{Row: row, Rows: rows, Free: b.free(st, col.Stylist, gap)})
	}
	slices.SortStableFunc(col.Items, func(x, y diary.Item) int { return x.Row - y.Row })
	return col
}

// shut is closed time of a stylist and why.
type shut struct {
	stretch
	why     string
	outside bool   // outside opening hours
	openURL string // of a block that the reader may take away
}

func (s stretch) times() string { return wall(s.from) + "–" + wall(s.to) }

// wall writes minutes after midnight as a time of day. Any day will do: on some days of the salon the
// clocks change.
func wall(minute int) string { return i18n.Clock(time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC)) }

// closed lists a stylist's closed time within the scale: outside hours, blocks, weekly breaks.
func (b board) closed(ctx context.Context, st models.Stylist, day time.Time, scale stretch) []shut {
	var out []shut
	outside := i18n.T(ctx, "console.diary.outside")
	if open, ok := b.open(day); !ok {
		out = append(out, shut{stretch: scale, why: outside, outside: true})
	} else {
		if open.from > scale.from {
			out = append(out, shut{stretch: stretch{scale.from, open.from}, why: outside, outside: true})
		}
		if open.to < scale.to {
			out = append(out, shut{stretch: stretch{open.to, scale.to}, why: outside, outside: true})
		}
	}
	for _, block := range b.blocks {
		p, ok := b.part(day, models.Span{Start: block.StartsAt, End: block.EndsAt})
		if ok && (block.ClosesSalon() || *block.StylistID == st.ID) && p.from < scale.to && p.to > scale.from {
			out = append(out, shut{stretch: p, why: b.reason(ctx, block), openURL: b.openURL(block)})
		}
	}
	for _, br := range b.breaks {
		if br.StylistID == st.ID && br.Weekday == day.Weekday() {
			out = append(out, shut{stretch: stretch{parseWall(br.Starts), parseWall(br.Ends)}, why: i18n.T(ctx, "console.block.break")})
		}
	}
	return out
}

// openURL takes a block away: of one's own time, or anyone's for those who act on all of it.
func (b board) openURL(block models.TimeBlock) string {
	own := ownOf(b.visitor)
	if !b.acts || own != nil && (block.StylistID == nil || *block.StylistID != *own) || !block.EndsAt.After(b.now) {
		return ""
	}
	return unblockURL(block.ID)
}

func (b board) reason(ctx context.Context, block models.TimeBlock) string {
	if words := block.Reason.In(b.lang); words != "" {
		return words
	}
	return i18n.T(ctx, "console.block."+string(block.Kind))
}

// salonClosed says why the whole salon is closed on a day, when it is.
func (b board) salonClosed(ctx context.Context, day time.Time) string {
	for _, block := range b.blocks {
		p, ok := b.part(day, models.Span{Start: block.StartsAt, End: block.EndsAt})
		open, opens := b.open(day)
		if ok && block.ClosesSalon() && opens && p.from <= open.from && p.to >= open.to {
			return i18n.T(ctx, "console.diary.closed_for", "Reason", b.reason(ctx, block))
		}
	}
	if _, opens := b.open(day); !opens {
		return i18n.T(ctx, "console.diary.closed_day")
	}
	return ""
}
