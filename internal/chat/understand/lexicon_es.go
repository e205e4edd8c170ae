package understand

import "frontdesk/models"

// spanish holds the days, times, numbers and everyday words of Spanish; what is asked and said is in
// intents_es.go.
var spanish = lexicon{
	language: models.Spanish,
	intents:  spanishIntents,
	hints:    spanishHints,
	health:   spanishHealth,
	faqs:     spanishFAQs,
	menu:     spanishMenu,
	handling: `anda che porfa lleva llevan trae sirve contiene huele suavecito abierto abierta roto rota llego vino mola vale compre pedi cuanto vendeis teneis`,
	goods:    spanishGoods, traits: spanishTraits, kin: spanishKin, amounts: spanishAmounts,
	kinds: spanishKinds,
	keeps: spanishKeeps,

	names: spanishNames,

	days: []entry[dayRule]{
		{dayNone, `
			por|de|en|a|toda|durante la manana !del
			en|a las mananas
			por|las mananas
			hasta manana
			la manana
			manana del|de !semana
			mes|ano|ha|he|han|has|semana|fin|finde pasado|pasada
			<weekday> pasado
			primera|ultima hora de la manana
			de|en|por manana y|o tarde`},
		{dayToday, `
			hoy mismo?
			esta misma? manana|tarde|noche`},
		{dayTomorrow, `
			manana mismo?
			para manana
			manyana|mañna|mannana|mñn`},
		{dayAfterTomorrow, `
			pasado manana
			pasadomanana
			^ pasado $
			para|hasta|el pasado !mes|ano
			pasado mejor|puedo|si
			el dia despues de manana`},
		{dayComing, `
			<weekday>
			<weekday> que viene|entra
			<weekday> proximo|siguiente|entrante
			el? proximo|siguiente <weekday>`},
		{dayThis, `este|esta mismo? <weekday>`},
		{dayNextWeek, `
			<weekday> de la? semana que viene|entra
			<weekday> de la? proxima|siguiente semana
			<weekday> de la? semana proxima|siguiente|entrante
			<weekday> en ocho`},
		{dayDate, `
			<weekday>? el|dia? dia? <n> de? <month>
			<weekday>? el|dia? dia? <nth> de <month>
			<weekday>? <month> <n>`},
		{dayWeekdayDate, `<weekday> el|dia? dia? <n>`},
		{dayOfMonth, `
			el? dia <n>
			el|al|del|este <dom> !de|por|y|menos|h
			el|al|del <dom> por|de|y|a
			el|al|del <dom> de este|noviembre? mes?
			^ el <n> $
			para|por el <n> !por
			el <n> por|de|a la
			el <nth> de mes`},
		{dayWritten, `<weekday>? el|dia? <date>`},
		{dayInDays, `en|dentro de? <n> dias|dia`},
		{dayInWeeks, `en|dentro de? <n> semanas|semana`},
		{dayInWeek, `
			en|dentro de? una semana
			de hoy en ocho`},
		{daySameNextWeek, `
			el? mismo dia de? la? proxima|siguiente? semana que? viene|entra|proxima|siguiente?`},
		{daysThisWeek, `
			esta misma? semana
			lo que queda de semana`},
		{daysNextWeek, `
			la? semana que viene|entra
			la? proxima|siguiente semana
			la? semana proxima|siguiente|entrante
			pero la que viene
			a la siguiente`},
		{daysWeekOf, `la? semana del <n>`},
		{daysTomorrowOrNext, `manana o pasado !manana`},
		{daysBefore, `
			antes del|de <weekday>`},
		{daysWeekAfterNext, `
			dentro de dos semanas
			la semana siguiente a la proxima`},
		{daysWeekend, `
			el|este|un|en|proximo? proximo? fin de semana que? viene?
			el|este|un|en|proximo? proximo? finde que? viene?`},
	},

	parts: []entry[Part]{
		{Morning, `
			por|de|en|a|toda|durante la manana
			esta manana
			en|por|las las? mananas
			la manana
			manana del
			temprano|tempranito|tempranillo
			a? primera hora
			antes de comer|almorzar|mediodia
			antes de la comida
			antes del almuerzo|mediodia`},
		{Afternoon, `
			por|de|en|a|toda|durante|a|hacia la tarde
			esta tarde
			en|por|las las? tardes
			la tarde
			<weekday> tarde
			manana tarde
			tarde del|de
			tardecita|tardes
			media tarde
			^ tarde
			despues de comer|almorzar
			despues de la comida
			despues del almuerzo|mediodia
			tras la? comida|comer|almuerzo
			a la hora de la siesta`},
		{Evening, `
			por|de|en|a|esta|hacia la? noche
			noche|noches|nochecita
			a? ultima hora
			al salir|acabar|terminar del|de? trabajo|trabajar|currar|oficina|clase
			cuando salga|acabe|termine|salgo del|de? trabajo|trabajar
			despues del|de trabajo|trabajar|currar|curro|clase|cole
			despues de la oficina
			al anochecer`},
		{AnyPart, `
			mas|muy|demasiado|tan tarde|temprano|tempranito|pronto
			lo mas temprano posible
			llego|llegar|llegare|llegando|voy tarde
			se me hace|hizo tarde
			que tarde`},
	},

	hours: []entry[hourRule]{
		{hourNone, `
			<n> minutos|minuto|min|mins|horas|hora|personas|persona|servicios|dias|dia|semanas|semana|meses|euros|eur|amigas|amigos
			dia <n>
			<weekday>? el|al|del|este|dia <n>
			<n> de <month>
			antes|despues del|de mediodia|comer|almorzar
			<n> por ciento
			<n> anos|ano|meses|unidades|unidad|cuadras|euritos|cosas|citas|opciones|veces|mascarillas|masajes|huecos|sesiones|pedidos
			opcion|numero|num <n>
			una|uno de|cita|mascarilla|mecha|amiga|pregunta|cosa|duda|semana|hora
			cada|ninguna|alguna|cualquier|otra|de una`},
		{hourBare, `<hour>`},
		{hourWhole, `
			<hour> en punto
			<hour> h|hs|hrs
			las <hour> horas`},
		{hourClock, `<clock> h|hs|hrs|horas?`},
		{hourMinutes, `
			<hour> y <minutes>
			<hour> h? <minutes>`},
		{hourHalf, `
			<hour> y media
			<hour> media`},
		{hourQuarter, `<hour> y cuarto`},
		{hourLessQuarter, `
			<hour> menos cuarto
			cuarto para la|las <hour>`},
		{hourMidday, `
			al|a mediodia
			al|a medio dia
			mediodia
			medio dia`},
	},

	half: []entry[halfDay]{
		{am, `
			am
			a m
			de|por|en la manana|madrugada|mañna`},
		{pm, `
			pm
			p m
			de|por|en la tarde|noche
			tarde
			del mediodia`},
	},

	before: []entry[timeWord]{
		{wordAt, `
			a la|las|eso
			^ la|las
			alas
			para la|las
			mejor|y|pero|turno|cita|mi|quita la|las
			tipo`},
		{wordAbout, `
			sobre la|las?
			a eso de la|las?
			hacia la|las?
			alrededor de la|las?
			como a la|las
			tipo la|las
			cerca de la|las
			mas o menos a? la|las
			aproximadamente a? la|las
			en torno a la|las`},
		{wordAfter, `
			despues|pasadas de? la|las?
			a partir de la|las?
			desde la|las?
			mas tarde de la|las
			no antes de la|las
			de la|las en adelante`},
		{wordBetween, `
			entre la|las?
			de la|las?`},
		{wordBefore, `
			antes de la|las?
			hasta la|las?
			como muy tarde a la|las
			no mas tarde de la|las
			maximo a? la|las`},
		{wordJoin, `a|al`},
	},
	after: []entry[timeWord]{
		{wordAfter, `
			en adelante
			o mas tarde
			o despues
			para arriba
			o por ahi en adelante`},
		{wordBefore, `
			o antes
			como muy tarde
			como maximo|mucho`},
		{wordAbout, `
			mas o menos
			o asi
			aprox|aproximadamente
			o por ahi
			y pico`},
	},

	ordinals: []entry[int]{
		{0, `
			la|el? opcion|numero|num|hueco <n>
			^ la|el <n> $
			la|el numero|num <n>
			me quedo con la|el <n> $`},
		{1, `
			^ la|el? primera|primero|primer|primerita $
			la|el primera|primero|primer !vez|hora
			primera|primer opcion|hueco|cita|horario
			la|el de arriba
			la? opcion uno|a`},
		{2, `
			^ la|el? segunda|segundo $
			la|el segunda|segundo
			segunda|segundo opcion|hueco|cita|hora|horario
			la|el otra|otro $
			la? opcion dos|b`},
		{3, `
			^ la|el? tercera|tercero|tercer $
			la|el tercera|tercero|tercer
			tercera|tercer opcion|hueco|cita|hora
			la? opcion tres|c`},
		{4, `
			^ la|el? cuarta|cuarto $
			la|el cuarta|cuarto`},
		{5, `
			^ la|el? quinta|quinto $
			la|el quinta|quinto`},
		{-1, `
			^ la|el? ultima|ultimo $
			la|el ultima|ultimo
			ultima|ultimo opcion|hueco|cita|horario
			la|el de abajo`},
	},

	without: []entry[bool]{
		{true, `
			sin
			excepto|salvo|menos
			en vez|lugar de
			no quiero|necesito|puedo|me
			ya no quiero
			que no sea
			no con
			mejor que
			mejor que por|en|a la|las|el
			con no
			no en
			no es`},
		{false, `
			si|o no
			mas|al o? menos
			las|por lo menos
			no puedo esperar
			por que no`},
	},

	naming:  `nombre apellido escribe llamo llama ficha apodo puesto pusiste pusieron guardada`,
	titles:  `señor señora señorita don doña doctora doctor sr sra`,
	chatter: `jaja jajaja jeje xd jiji`,

	slips:   spanishSlips,
	spoils:  spanishSpoils,
	sources: `de del desde lugar vez`,
	owners:  `mi mis tengo tenia teniamos reservada reservado puesta puesto tenemos`,
	targets: `a al para pa por en mejor hasta sobre`,
	asides:  `salgo trabajo boda fiesta entrevista vuelo avion tren reunion acabo termino examen bautizo comunion cierran cerrais curro cumple cena clase viaje medico caso casa`,
	breaks:  `asi pero para puedo podeis quiero necesito despues antes sobre`,
	noes:    `no`,
	mends:   `mejor perdon perdona digo espera quise queria era rectifico corrijo miento`,
	shorts:  spanishShorts,
	joins:   `o u y a al e hasta ni`,

	weekdays: [7]string{
		"domingo domingos dom", "lunes lun", "martes", "miercoles mie miercols mierc", "jueves jue", "viernes vie viern",
		"sabado sabados sab savado",
	},
	months: [12]string{
		"enero ene", "febrero feb", "marzo", "abril abr", "mayo", "junio jun", "julio jul", "agosto ago",
		"septiembre setiembre sept sep", "octubre oct", "noviembre nov", "diciembre dic",
	},
	numbers: []string{
		"cero", "uno una un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
		"trece", "catorce", "quince", "dieciseis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
		"veintidos", "veintitres", "veinticuatro", "veinticinco", "veintiseis", "veintisiete", "veintiocho", "veintinueve", "treinta",
	},
	nths: []string{"", "primero"},

	courtesies: `por favor porfa porfi porfis plis gracias hola buenas pues bueno entonces y pero ah eh mmm ay oye mira vale ok
		guapa guapo cielo carino perdon perdona disculpa entonces venga a ver muy muchas amable señorita`,
	common: `parking yo tu usted el ella nosotros nosotras vosotros vosotras ellos ellas ustedes me te se le les lo la los las nos os mi
		mis tu tus su sus nuestro nuestra un una unos unas al del de en con sin por para desde hasta sobre entre hacia
		segun durante y e o u ni pero porque pues aunque si cuando donde como que quien cual cuales cuanto cuanta cuantos
		cuantas es son era soy eres somos sois estoy esta estas estamos estan estare estaba ser estar sera seria fue fui
		hay haya habia he has ha hemos habeis han haber tengo tienes tiene tenemos teneis tienen tener tendria tendriais
		puedo puedes puede podemos podeis pueden poder podria podrias podriais quiero quieres quiere queremos querria
		quisiera queria gustaria gusta gustan voy vas va vamos vais van ir iria vengo viene vienen venir hacer hago haces
		hace hacemos haceis hacen haria hacerme hacerlo ponerme poner pongo dar dame darme doy decir dime digo dijo saber
		se sabes ver veo mirar necesito necesita necesitaria prefiero prefiere preferiria busco buscar reservar reserva
		reservo reservame cita citas turno hora horas hueco huecos dia dias semana semanas mes meses ahora luego despues
		antes pronto tarde temprano siempre nunca ya aun todavia tambien tampoco muy mas menos mucho mucha muchos muchas
		poco poca algo nada todo toda todos todas alguien nadie alguno alguna ninguno ninguna cualquier cualquiera otro
		otra otros otras mismo misma este esta estos estas ese esa esos esas eso esto aquel aquella aqui ahi alli bien mal
		mejor peor bueno buena buenos buenas malo mala grande nuevo nueva vale venga dale claro perfecto perfecta genial
		estupendo gracias favor hola adios perdon disculpa nombre apellido apellidos llamo llama precio precios cuesta
		cuestan vale valen pagar pago pagado dinero tarjeta efectivo deposito senal enlace mensaje telefono servicio
		servicios salon peluqueria peluquera estilista persona gente amiga amigo madre padre hermana hermano hija hijo
		marido mujer esposa esposo novia novio nino nina chica chico mediodia noche trabajo trabajar oficina minutos
		minuto media cuarto manana hoy ayer opcion opciones paquete oferta pregunta problema error cambiar cambio mover
		cancelar anular anulad confirmar confirmo abierto abiertos abrir abris cerrado cerrais aparcar coche calle metro
		ingles espanol arabe idioma hablar humano agente encargada uñas pelo cara cuerpo piel fechas fecha hecho hecha
		primero primera segundo segunda tercero tercera ultimo ultima disponible disponibles libre libres posible
		imposible seguro segura feliz igual tal vez quiza quizas asi solo solamente tan tanto algun ningun cada ambos
		ambas dos tres ponme quedo coger cojo apunta apuntame apuntar encantaria apetece viene bien peluquero
		aburrido chiste calor frio jefe playa partido navidad pasado sigue sale donde estais teneis tardais llegar llego
		momento fiesta festivo decirlo darlo decirte contarlo`,
	guarded: spanishGuarded,
	spelled: `lunes martes miercoles jueves viernes sabado domingo manana septiembre octubre noviembre diciembre enero febrero
		agosto tarde mediodia semana disponible reservar cancelar gracias primero primera segundo segunda cualquiera
		igual apellido direccion aparcamiento precio perfecto temprano siguiente proximo`,

	compounds: `
		medio dia mediodia
		media hora halfhour
		fin semana finde`,
	same: `
		corte cortar cortarme cortarse cortes recorte cortadito pelarme despuntar puntas sanear
		mecha mechas mechitas mexas reflejos babylight
		color coloracion tinte teñir teñirme tintar tintarme tinta tintes teñido colorear colores tintura
		peinado peinar peinarme peinados recogido recogidos
		secado secar secarme secados
		ceja cejas
		manicura manicuras manicure
		pedicura pedicuras
		masaje masajes
		maquillaje maquillar maquillarme maquillajes
		hombre caballero caballeros hombres masculino chico señor
		hidratacion hidratar hidratarme hidratante
		mascarilla mascarillas
		calmante relajante
		fortalecedor fortalecer fortalecedora
		intensivo intensiva intensivas rica
		consulta consultas asesoramiento
		completo completa total entero entera
		rapido rapida express
		largo larga largos largas
		bigote bozo`,
	weak: `cabelludo estetica pelo cabello capilar rapido completo largo corto intensivo gratuito gratuita gratis aceite gel mano manos pie pies
		cuidado cuidados tratamiento tratamientos cera hombre mujer cuerpo corporal superior diseño especial media
		profundo profunda cuero uña uñas piel raiz raices nino nina infantil dama basico basica normal nuevo nueva
		sesion tono cara brillo`,
	marked: `hombre largo intensivo infantil nino`,
	silent: `el la los las un una unos unas de del al en con para mi mis tu su me por a lo y o que hacerme ponerme darme minutos minuto min quiero un`,
	rude:   spanishRude, about: spanishAbout, wearers: spanishWearers, menfolk: spanishMenfolk,

	people: `sol luz mar paz rosa mercedes dolores pilar rocio consuelo esperanza abril julio mayo agosto domingo leon cruz iglesias
		blanco rubio moreno calvo delgado bueno bravo rey reyes flores vega santos campos torres rios prado claro romero guerrero
		herrero cano`,
	filling: `usuario yo mama papa mami papi cliente clienta amor vida cariño cielo casa familia prueba desconocido nadie nombre
		ninguno anonimo privado jefe jefa señor señora don doña marido mujer hijo hija abuela abuelo mi mis hola disponible ocupado`,
	business: `peluqueria salon tienda oficial empresa ventas estudio clinica hotel restaurante estetica belleza centro servicio
		servicios soporte negocio comercial barberia spa inmobiliaria grupo autoescuela academia moda cosmetica`,
}
