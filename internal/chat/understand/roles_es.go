package understand

// The wordings by which Spanish tells the roles of values, and how names are given.

var spanishNames = []entry[introduction]{
	{introName, `
			me llamo realmente?
			me llamo en realidad|verdad
			mi nombre en realidad es?
			mi nombre completo? es|realmente es?
			mi nombre
			^ nombre es?
			me dicen|llaman
			llamame|llamadme|llameme
			puedes|podeis|puede llamarme|llamar
			dime`},
	{introSelf, `
			yo? soy la|el?
			^ es
			aqui
			te|le habla|escribe
			se llama`},
	{introSurname, `
			mi|el? apellido|apellidos es|son|seria?
			mis apellidos son?
			de apellido|apellidos
			apellido|apellidos
			me|se apellido|apellida`},
	{introTail, `
			es mi apellido|nombre
			si|correcto $`},
	{introName, `
			nombre de
			a|al nombre de
			me llamo|llaman
			mi|el verdadero|correcto|nuevo|real|completo nombre es
			mi|el nombre verdadero|correcto|nuevo|real|completo|bueno es
			se escribe
			ahora es|soy
			me dice|dicen
			mi nombre va con|sin * hache|jota|uve|be|equis|zeta`},
	{introPut, `
			pon|ponme|ponga|poned|apunta|apuntame|anota|escribe|pone|anotame|escribid a?
			cambia|cambiar|cambiad|cambiarme|actualiza|actualizar|cambiame mi|el nombre|apellido a|por|de? la?
			mi nombre * por favor
			nombre a|por
			y es|soy|era
			deberia salir|poner|decir|ser
			yo`},
	{introTail, `
			con|sin la?
			no|que|ahora|jaja|y
			mi nombre`},
	{introNothing, `
			y es que|la|el|un|una|muy|mejor
			nombre figura|esta|no|va|mal
			no me llamo
			soy clienta|cliente|nueva|nuevo|alergica|alergico|yo|de`},
}

var spanishSlips = []entry[bool]{{true, `
			queria|quise|quiero decir|poner|escribir
			quise
			digo
			mejor dicho
			he dicho
			dije
			me he? equivocado|equivoque|confundido|confundi|lie|liado|referia
			me he liado|equivocado
			corrijo|rectifico|correccion
			borra eso
			espera mejor
			perdon|perdona|disculpa a|el|la|las|puse|era|es
			ay|uy no
			puse
			no no`}}

var spanishSpoils = []entry[bool]{{true, `
			no|ya no me? puedo|va|viene|vienen|puede|podre|es|esta|llego|da
			no bien|posible|tampoco
			me? es|resulta|queda|viene imposible|fatal|mal|complicado
			imposible|tampoco|fatal
			mal|no`}}

const spanishShorts = `
		q que
		k que
		ke que
		xa para
		x por
		d de
		tb tambien
		pq porque
		finde finde
		ala alas
		mñn mañana
		juev jueves
		vierns viernes
		sabdo sabado
		miercols miercoles
		`

// spanishGuarded are ordinary words that look like a service or a weekday.
const spanishGuarded = `tardo tarda tardan tardas tardamos luces coja coge coged cena cenas dejar total facil pelado pesado pasado casado sacado secreto segado marcas mesas fechas fecha hechas hecha mucha muchas leche leches
		noche noches flechas macho techo cosa cosas corta cortes cortesia norte costo carta cartas corre corto calor valor
		cola dolor quejas dejas viejas cerca cerdas crema cama masa mensaje mensajes maquina maquinas mascota manera
		manicomio pintado peinada consulto consultar resultado insulto suelto limpio lindo sedado salado
		helado soldado segundo mediado mediano medida comida bebida salida cerveza cabeza belleza semilla
		rodilla sencilla secundario facilidad`
