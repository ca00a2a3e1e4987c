/** Embedded rooms, with the brightness of a white floor in each (irradiance / π of its upper half), so that all can light a scene alike. */
export const ROOMS: Readonly<Record<string, number>> = {
  apartment: 0.65,
  hall: 1.38,
  lab: 1.27,
  lobby: 1.03,
  studio: 4.43,
  venice: 1.13,
  warehouse: 1.2,
  workshop: 1.17,
}
