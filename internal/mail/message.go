package mail

import (
	"bytes"
	"fmt"
	"html"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"strings"
	"time"
	"unicode"
)

// Message is one mail to one person.
type Message struct {
	ID       string // of its Message-ID: the same message sent again carries the same
	To       string // one address
	Subject  string // one line; line breaks and control characters become spaces
	Text     string // paragraphs, plain
	Language string // "ar" is written from right to left
	Date     time.Time
}

// maxSubject keeps the longest header line far below SMTP's 998 bytes.
const maxSubject = 200

// address is the one bare address of a recipient. What could carry a second header or recipient is none.
func address(raw string) (string, error) {
	a, err := mail.ParseAddress(raw)
	if err != nil || a.Address != strings.TrimSpace(raw) || strings.ContainsFunc(a.Address, unicode.IsControl) {
		return "", &Error{Step: stepRecipient, Code: CodeNotAddressed}
	}
	return a.Address, nil
}

// wire writes the message as RFC 5322 and MIME have it: the text as it is, and the same as HTML with its
// direction, so that an Arabic mail reads from the right.
func (m Message) wire(from string) []byte {
	const between = "frontdesk-part-of-a-mail"
	var b bytes.Buffer
	_, domain, _ := strings.Cut(from, "@")
	for _, h := range [][2]string{
		{"From", from}, {"To", strings.TrimSpace(m.To)}, {"Subject", subject(m.Subject)},
		{"Date", m.Date.UTC().Format(time.RFC1123Z)}, {"Message-ID", fmt.Sprintf("<%s@%s>", oneWord(m.ID), domain)},
		{"Auto-Submitted", "auto-generated"}, {"MIME-Version", "1.0"}, {"Content-Language", oneWord(m.Language)},
		{"Content-Type", `multipart/alternative; boundary="` + between + `"`},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	for _, part := range []struct{ kind, body string }{{"text/plain", m.Text}, {"text/html", m.html()}} {
		fmt.Fprintf(&b, "\r\n--%s\r\nContent-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", between, part.kind)
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write([]byte(part.body)) // a buffer takes everything
		_ = w.Close()
	}
	fmt.Fprintf(&b, "\r\n--%s--\r\n", between)
	return b.Bytes()
}

func (m Message) html() string {
	dir := "ltr"
	if m.Language == "ar" {
		dir = "rtl"
	}
	body := strings.ReplaceAll(html.EscapeString(m.Text), "\n", "<br>\n")
	return fmt.Sprintf("<!doctype html>\n<html lang=%q dir=%q><body><p>%s</p></body></html>\n", html.EscapeString(m.Language), dir, body)
}

// subject is a line that can end no header, in ASCII whatever its script.
func subject(s string) string {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, s)
	if cut := []rune(line); len(cut) > maxSubject {
		line = string(cut[:maxSubject])
	}
	return mime.BEncoding.Encode("utf-8", line)
}

// oneWord leaves of an id what may stand in a header.
func oneWord(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return -1
	}, s)
}
