export type { BodyProperties, ContactEvent, Motion, Pose, Twist } from './motion.ts'
